import { canonicalJson, type Difference } from '../core/index.js';
import {
  imageReference,
  isRow,
  listOf,
  rowOf,
  stringsOf,
  textOf,
  textsOf,
  type Row,
} from '../tools/index.js';
import { liveMounts, wantedMounts, type ContainerParts } from './container-mounts.js';
import type { ContainerState } from './container-read.js';
import type { ContainerSpec } from './container-spec.js';
import { compareFields } from './fields.js';
import { keyedDigest, ownLabels } from './marks.js';

/**
 * What of a container that docker compose made is not as topo would have made it and can't be changed while it is there: what the engine
 * says of it beside the call that would make it, with what its image and the engine add to that. Left out is what topo does not act on,
 * and what is compared of every container: networks, restart policy, limits.
 */
export function liveDifferences(want: ContainerSpec, have: ContainerState): readonly Difference[] {
  const { container, image, names } = have.inspected ?? {};
  const live = rowOf(container);
  const imageConfig = rowOf(rowOf(image)['Config']);
  const asked: ContainerParts = {
    config: withImage(want.config, imageConfig),
    host: rowOf(want.config.HostConfig),
  };
  const found = withoutChosen(
    { config: rowOf(live['Config']), host: rowOf(live['HostConfig']) },
    asked,
    have.id,
  );
  const isOnNetworks = want.networks.length > 0;
  const [is, wanted] = [found, asked].map(parts => normal(parts, isOnNetworks, id => names?.get(id) ?? id));
  return [
    ...unreadable(want),
    ...compareFields(
      clean({ ...is, volumes: liveMounts(live, asked) }),
      clean({ ...wanted, volumes: wantedMounts(asked, imageConfig) }),
    ),
  ];
}

/** What was put into it nobody can tell from outside. */
function unreadable({ copies = [] }: ContainerSpec): readonly Difference[] {
  if (copies.length === 0) return [];
  const files = copies.flatMap(c => c.files.map(f => f.path)).join(', ');
  return [{ field: 'configs', have: '(not known)', want: files, replace: true }];
}

/** What nobody says is the image's, or goes on top of it. A command of the image belongs to its entrypoint. */
function withImage(config: Row, image: Row): Row {
  const { Cmd, Entrypoint } = config;
  return {
    ...config,
    ...Object.fromEntries(['User', 'WorkingDir', 'StopSignal'].map(key => [key, config[key] ?? image[key]])),
    Entrypoint: Entrypoint ?? image['Entrypoint'],
    Cmd: Cmd ?? (Entrypoint === undefined ? image['Cmd'] : undefined),
    Healthcheck: { ...rowOf(clean(image['Healthcheck'])), ...rowOf(clean(config['Healthcheck'])) },
    Labels: { ...textsOf(image['Labels']), ...textsOf(config['Labels']) },
    Env: [...stringsOf(image['Env']), ...stringsOf(config['Env'])],
  };
}

/** Bytes, where nobody says otherwise. */
const SHM_SIZE = 64 * 1024 * 1024;

/** Without what the engine chose by itself where nothing was asked for. */
function withoutChosen({ config, host }: ContainerParts, asked: ContainerParts, id: string): ContainerParts {
  const { Hostname, ...ownConfig } = config;
  const { ShmSize, LogConfig, IpcMode, ...ownHost } = host;
  const isShared = /^(host$|container:)/.test(textOf(host['NetworkMode']));
  const names = asked.config['Hostname'] === undefined && (isShared || Hostname === id.slice(0, 12));
  const logs = asked.host['LogConfig'] === undefined && clean(rowOf(LogConfig)['Config']) === undefined;
  return {
    config: { ...ownConfig, ...(!names && { Hostname }) },
    host: {
      ...ownHost,
      ...((asked.host['ShmSize'] !== undefined || ShmSize !== SHM_SIZE) && { ShmSize }),
      ...(!logs && { LogConfig }),
      ...((asked.host['IpcMode'] !== undefined || !/^(private|shareable)$/.test(textOf(IpcMode))) && {
        IpcMode,
      }),
    },
  };
}

/** What is compared, in one way and by Compose's names. `nameOf`: a container is called by its name here, and by its id there. */
function normal(
  { config, host }: ContainerParts,
  isOnNetworks: boolean,
  nameOf: (id: string) => string,
): Row {
  const other = (text: unknown): string => textOf(text).replace(/[0-9a-f]{64}/, id => nameOf(id));
  return {
    image: imageReference(textOf(config['Image'])),
    command: config['Cmd'],
    entrypoint: config['Entrypoint'],
    environment: environment(config['Env']),
    labels: ownLabels(textsOf(config['Labels'])),
    ports: ports(host['PortBindings']),
    user: config['User'],
    working_dir: config['WorkingDir'],
    hostname: config['Hostname'],
    domainname: config['Domainname'],
    tty: config['Tty'],
    stdin_open: config['OpenStdin'],
    stop_signal: config['StopSignal'],
    stop_grace_period: said(config['StopTimeout']),
    healthcheck: config['Healthcheck'],
    init: host['Init'],
    privileged: host['Privileged'],
    read_only: host['ReadonlyRootfs'],
    cap_add: set(host['CapAdd'], text => text.replace(/^CAP_/, '')),
    cap_drop: set(host['CapDrop'], text => text.replace(/^CAP_/, '')),
    security_opt: securityOptions(host),
    group_add: set(host['GroupAdd']),
    devices: host['Devices'],
    sysctls: host['Sysctls'],
    ulimits: set(listOf(host['Ulimits']).map(canonicalJson)),
    shm_size: host['ShmSize'],
    tmpfs: host['Tmpfs'],
    links: isOnNetworks ? undefined : set(host['Links'], linkText),
    volumes_from: set(host['VolumesFrom'], text => other(text).replace(/:rw$/, '')),
    dns: host['Dns'],
    dns_opt: host['DnsOptions'],
    dns_search: host['DnsSearch'],
    extra_hosts: set(host['ExtraHosts']),
    logging: log(rowOf(host['LogConfig'])),
    network_mode: isOnNetworks ? undefined : other(host['NetworkMode']),
    pid: other(host['PidMode']),
    ipc: other(host['IpcMode']),
    mem_swappiness: host['MemorySwappiness'] === -1 ? undefined : said(host['MemorySwappiness']),
    oom_kill_disable: host['OomKillDisable'],
    oom_score_adj: host['OomScoreAdj'],
    gpus: host['DeviceRequests'],
  };
}

/** Values are never shown. A later one wins, and a name alone takes the variable away. */
function environment(list: unknown): Readonly<Record<string, string>> {
  const all = new Map<string, string>();
  for (const text of stringsOf(list)) {
    const [, name = text, value] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    if (value === undefined) all.delete(name);
    else all.set(name, hidden(value));
  }
  return Object.fromEntries(all);
}

/** Log drivers are given tokens by their options. */
function log({ Type, Config }: Row): Row {
  const options = Object.entries(textsOf(Config)).map(([name, value]) => [name, hidden(value)]);
  return { driver: Type, options: Object.fromEntries(options) as unknown };
}

/** Never leaves the comparison, where it only stands for "set" and "changed". */
function hidden(value: string): string {
  return keyedDigest('', value);
}

function ports(bindings: unknown): Row {
  const all = Object.entries(rowOf(bindings)).map(([port, ends]) => [
    port,
    set(listOf(ends).map(end => `${textOf(end['HostIp'])}:${textOf(end['HostPort'])}`)),
  ]);
  return Object.fromEntries(all) as Row;
}

/** A privileged container, and one in the host's namespaces, is not labelled: the engine says so by itself. */
function securityOptions(host: Row): readonly string[] {
  return set(host['SecurityOpt'], text => text.replace(/^([\w-]+):/, '$1=')).filter(
    o => o !== 'label=disable',
  );
}

/** `/db:/web/database` of what there is, `db:database` of what is asked for. */
function linkText(text: string): string {
  const [target = '', alias = target] = text.split(':');
  return [target, alias].map(part => part.replace(/^.*\//, '')).join(':');
}

/** A list whose order means nothing. */
function set(list: unknown, written: (text: string) => string = text => text): readonly string[] {
  return [...new Set(stringsOf(list).map(written))].sort();
}

/** Of what 0 is not the same as nothing. */
function said(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value;
}

/** Without all that says nothing: nothing, empty, no and none are one to an engine. */
function clean(value: unknown): unknown {
  if (value === null || value === '' || value === false || value === 0) return undefined;
  if (Array.isArray(value))
    return value.length === 0 ? undefined : value.map(item => (isRow(item) ? clean(item) : item));
  if (!isRow(value)) return value;
  const kept = Object.entries(value).flatMap(([key, item]) => {
    const cleaned = clean(item);
    return cleaned === undefined ? [] : [[key, cleaned] as const];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
