import { isMap } from '../blocks.js';
import { asEntries, asHostEntries, asKey, asList, asNames } from '../files/forms.js';
import type { Rule } from '../files/merge.js';
import { mapOf } from '../files/parts.js';
import type { Origins, Plain } from '../locate.js';
import { mountTarget } from '../mount.js';
import { portKey } from '../port.js';

/** Maps and lists of `NAME=value`: a later file's name wins, also where it stands without a value. */
const ENTRIES: Rule = { form: asEntries, each: { replace: true } };

/** Lists in which each text stands once; of `NAME=value` each name. */
const TEXTS: Rule = { form: asList, unique: nameOf };

/** How several files go together in a service, Compose's keys and topo's: what is not here merges as {@link Rule} says, and lists append. */
export const SERVICE_RULES: Rule = {
  keys: {
    ...{ command: { replace: true }, entrypoint: { replace: true } },
    healthcheck: { keys: { test: { replace: true } } },
    ...{ environment: ENTRIES, labels: ENTRIES, annotations: ENTRIES, sysctls: ENTRIES },
    build: {
      form: asKey('context'),
      keys: {
        ...{ args: ENTRIES, labels: ENTRIES, additional_contexts: ENTRIES },
        ...{ tags: TEXTS, extra_hosts: { form: asHostEntries, unique: nameOf } },
      },
    },
    deploy: { keys: { labels: ENTRIES } },
    ...{ cap_add: TEXTS, cap_drop: TEXTS, dns: TEXTS, dns_opt: TEXTS, dns_search: TEXTS, tmpfs: TEXTS },
    ...{ expose: { unique: text }, links: TEXTS, profiles: TEXTS, label_file: { form: asList } },
    extra_hosts: { form: asHostEntries, unique: text },
    env_file: { form: asList, unique: pathOf },
    ports: { unique: portKey },
    volumes: { unique: mountTarget },
    devices: { unique: deviceTarget },
    configs: { unique: fileTarget('') },
    secrets: { unique: fileTarget('/run/secrets') },
    logging: { only: 'driver' },
    ulimits: { each: { replace: true } },
    networks: { form: asNames(), each: { keys: { aliases: TEXTS, link_local_ips: TEXTS } } },
    depends_on: { form: asNames(started) },
    interfaces: { lists: 'replace', unique: interfaceName, element: {} },
  },
};

const NETWORK: Rule = {
  keys: {
    labels: ENTRIES,
    ipam: { keys: { config: { unique: subnetOf, element: {} } } },
    subnet: { lists: 'replace' },
    fabric: { form: asKey('switch'), lists: 'replace' },
  },
  instead: [['subnet', 'ipam']],
};

const LABELLED: Rule = { keys: { labels: ENTRIES } };

/** The same for the other things of a Compose file. */
const STACK_RULES: Readonly<Record<string, Rule>> = {
  services: { each: SERVICE_RULES },
  networks: { each: NETWORK },
  volumes: { each: LABELLED },
  configs: { each: LABELLED },
  secrets: { each: LABELLED },
};

/** How several Compose files go together, and what stands in a stack over them. */
export const COMPOSE_RULE: Rule = { lists: 'append', keys: STACK_RULES };

/** A short dependency says what the long one says by default, and wins so over what an earlier file says. */
function started(name: Plain, origins: Origins): Plain {
  return mapOf([['condition', { ...name, value: 'service_started' }]], name.spot, origins);
}

function text(element: unknown): string | undefined {
  return typeof element === 'string' || typeof element === 'number' ? String(element) : undefined;
}

function nameOf(element: unknown): string | undefined {
  return typeof element === 'string' ? element.split('=', 1)[0] : undefined;
}

function textAt(element: unknown, key: string): string | undefined {
  return isMap(element) ? text(element[key]) : undefined;
}

function pathOf(element: unknown): string | undefined {
  return text(element) ?? textAt(element, 'path');
}

function interfaceName(element: unknown): string | undefined {
  return textAt(element, 'name');
}

function subnetOf(element: unknown): string | undefined {
  return textAt(element, 'subnet');
}

function deviceTarget(element: unknown): string | undefined {
  if (typeof element !== 'string') return textAt(element, 'target');
  const [source, target = source] = element.split(':');
  return target;
}

/** Where a config or secret is put in the container. */
function fileTarget(directory: string): (element: unknown) => string | undefined {
  return element => {
    if (typeof element === 'string') return `${directory}/${element}`;
    const source = textAt(element, 'source');
    return textAt(element, 'target') ?? (source === undefined ? undefined : `${directory}/${source}`);
  };
}
