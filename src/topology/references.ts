import { nearest } from '../core/index.js';
import type { DocPath, Locate } from '../core/index.js';
import { isMap } from './blocks.js';
import { entriesAt, valueAt } from './at.js';
import type { Finding } from './finding.js';
import { checkRings, dependenciesOf } from './dependencies.js';
import { volumeOf } from './mount.js';
import { replicasAt } from './replicas.js';
import { sharingsOf } from './shared-namespaces.js';

/** A name that is used somewhere, and what it should be the name of. */
interface Use {
  readonly noun: string;
  readonly name: string;
  readonly path: DocPath;
  readonly at: 'key' | 'value';
  readonly known: ReadonlySet<string>;
}

/** Names that are used and not declared, and names given twice. Works on any document, however wrong it is elsewhere. */
export function checkReferences(root: unknown, locate: Locate): readonly Finding[] {
  const uses = [...stackUses(root), ...placeUses(root), ...linkUses(root), ...checkUses(root)];
  const suggest = suggester();
  const unknown = uses.filter(use => !use.known.has(use.name)).map(use => unknownName(use, suggest, locate));
  const rings = entriesAt(root, ['stacks']).flatMap(([stack]) => checkRings(root, ['stacks', stack], locate));
  return [
    ...withoutImage(root, locate),
    ...unknown,
    ...rings,
    ...sharedNames(root, locate),
    ...doubledHosts(root, locate),
    ...missingReplicas(root, locate),
  ];
}

function withoutImage(root: unknown, locate: Locate): readonly Finding[] {
  return entriesAt(root, ['stacks']).flatMap(([stack]) =>
    entriesAt(root, ['stacks', stack, 'services']).flatMap(([service, value]): Finding[] => {
      if (!isMap(value) || value['image'] !== undefined || value['build'] !== undefined) return [];
      const path = ['stacks', stack, 'services', service];
      const summary = `${JSON.stringify(service)} has no "image" and no "build"`;
      return [{ severity: 'error', code: 'key.missing', summary, path, place: locate(path, 'key') }];
    }),
  );
}

type Suggest = (name: string, known: ReadonlySet<string>) => string | undefined;

function unknownName({ noun, name, path, at, known }: Use, suggest: Suggest, locate: Locate): Finding {
  const near = suggest(name, known);
  const list = [...known];
  const few =
    list.length === 0
      ? `no ${noun} is declared`
      : `declared: ${list.slice(0, 8).join(', ')}${list.length > 8 ? ' …' : ''}`;
  const hint = near === undefined ? few : `did you mean ${JSON.stringify(near)}?`;
  const summary = `there is no ${noun} ${JSON.stringify(name)}`;
  return { severity: 'error', code: 'name.unknown', summary, hint, path, place: locate(path, at) };
}

/** The same wrong name often stands in many places: it is looked up once. */
function suggester(): Suggest {
  const found = new Map<ReadonlySet<string>, Map<string, string | undefined>>();
  return (name, known) => {
    const names = found.get(known) ?? new Map<string, string | undefined>();
    found.set(known, names);
    if (!names.has(name)) names.set(name, nearest(name, known));
    return names.get(name);
  };
}

function stackUses(root: unknown): readonly Use[] {
  const hosts = namesAt(root, ['hosts']);
  const switches = namesAt(root, ['switches']);
  return entriesAt(root, ['stacks']).flatMap(([stack]) => {
    const path = ['stacks', stack];
    const networks = new Set(['default', ...namesAt(root, [...path, 'networks'])]);
    const volumes = namesAt(root, [...path, 'volumes']);
    const files = {
      config: namesAt(root, [...path, 'configs']),
      secret: namesAt(root, [...path, 'secrets']),
    };
    const services = namesAt(root, [...path, 'services']);
    return [
      ...use('host', root, [...path, 'host'], hosts),
      ...entriesAt(root, [...path, 'networks']).flatMap(([network]) => [
        ...fabricUse(root, [...path, 'networks', network, 'fabric'], switches),
        ...use('switch', root, [...path, 'networks', network, 'stretch'], switches),
      ]),
      ...entriesAt(root, [...path, 'services']).flatMap(([service]) => [
        ...serviceUses(root, [...path, 'services', service], switches, networks, volumes, services),
        ...fileUses(root, [...path, 'services', service], files),
      ]),
    ];
  });
}

function fabricUse(root: unknown, path: DocPath, switches: ReadonlySet<string>): readonly Use[] {
  return use('switch', root, isMap(valueAt(root, path)) ? [...path, 'switch'] : path, switches);
}

/** Where switches say that they are. */
function placeUses(root: unknown): readonly Use[] {
  const hosts = namesAt(root, ['hosts']);
  return entriesAt(root, ['switches']).flatMap(([name]) => {
    const path = ['switches', name, 'hosts'];
    const listed = valueAt(root, path);
    const list = Array.isArray(listed) ? listed : [];
    const keys = entriesAt(root, path).map(([host]): Use => {
      return { noun: 'host', name: host, path: [...path, host], at: 'key', known: hosts };
    });
    return [
      ...use('host', root, ['switches', name, 'host'], hosts),
      ...list.flatMap((_, i) => use('host', root, [...path, i], hosts)),
      ...keys,
    ];
  });
}

function linkUses(root: unknown): readonly Use[] {
  const links = valueAt(root, ['links']);
  const services = servicesOf(root);
  const named = new Set([...namesAt(root, ['switches']), ...namesAt(root, ['hosts'])]);
  return (Array.isArray(links) ? links : []).flatMap((link: unknown, i) => {
    const path = isMap(link) ? ['links', i, 'ends'] : ['links', i];
    const ends = valueAt(root, path);
    return (Array.isArray(ends) ? ends : []).flatMap((end: unknown, n) => {
      const at = isMap(end) ? [...path, n, 'at'] : [...path, n];
      return use('', root, at, named).map(one => {
        const name = one.name.replace(/:[^:]*$/, '').replace(/#\d+$/, '');
        return name.includes('/')
          ? { ...one, name, noun: 'service', known: services }
          : { ...one, name, noun: 'switch or host' };
      });
    });
  });
}

function serviceUses(
  root: unknown,
  path: DocPath,
  switches: ReadonlySet<string>,
  networks: ReadonlySet<string>,
  volumes: ReadonlySet<string>,
  services: ReadonlySet<string>,
): readonly Use[] {
  const listed = valueAt(root, [...path, 'networks']);
  const mounts = valueAt(root, [...path, 'volumes']);
  const interfaces = valueAt(root, [...path, 'interfaces']);
  return [
    ...(Array.isArray(interfaces) ? interfaces : []).flatMap((_, i) =>
      use('switch', root, [...path, 'interfaces', i, 'switch'], switches),
    ),
    ...(Array.isArray(listed)
      ? listed.flatMap((_, i) => use('network', root, [...path, 'networks', i], networks))
      : []),
    ...entriesAt(root, [...path, 'networks']).map(([name]): Use => ({
      noun: 'network',
      name,
      path: [...path, 'networks', name],
      at: 'key',
      known: networks,
    })),
    ...dependenciesOf(root, path).map((need): Use => ({ noun: 'service', known: services, ...need })),
    ...sharingsOf(root, path).map(({ name, path: at }): Use => ({
      noun: 'service',
      name,
      path: at,
      at: 'value',
      known: services,
    })),
    ...(Array.isArray(mounts) ? mounts : []).flatMap((mount, i): Use[] => {
      const name = volumeOf(mount);
      const at = isMap(mount) ? [...path, 'volumes', i, 'source'] : [...path, 'volumes', i];
      return name === undefined ? [] : [{ noun: 'volume', name, path: at, at: 'value', known: volumes }];
    }),
  ];
}

function fileUses(
  root: unknown,
  path: DocPath,
  known: Readonly<Record<'config' | 'secret', ReadonlySet<string>>>,
): readonly Use[] {
  return (['config', 'secret'] as const).flatMap(noun => {
    const uses = valueAt(root, [...path, `${noun}s`]);
    return (Array.isArray(uses) ? uses : []).flatMap((entry, i) => {
      const at = isMap(entry) ? [...path, `${noun}s`, i, 'source'] : [...path, `${noun}s`, i];
      return use(noun, root, at, known[noun]);
    });
  });
}

function checkUses(root: unknown): readonly Use[] {
  const checks = valueAt(root, ['checks']);
  const services = servicesOf(root);
  return (Array.isArray(checks) ? checks : [])
    .flatMap((_, i) =>
      checkPaths(i).flatMap(path =>
        use('service', root, path, services).map(u => ({ ...u, name: u.name.replace(/#\d+$/, '') })),
      ),
    )
    .filter(({ name }) => name.includes('/'));
}

/** All as `stack/service`. */
function servicesOf(root: unknown): ReadonlySet<string> {
  return new Set(
    entriesAt(root, ['stacks']).flatMap(([stack]) =>
      entriesAt(root, ['stacks', stack, 'services']).map(([service]) => `${stack}/${service}`),
    ),
  );
}

function checkPaths(i: number): DocPath[] {
  return [
    ['checks', i, 'from'],
    ['checks', i, 'ping'],
    ['checks', i, 'http', 'to'],
  ];
}

/** Containers of a service beyond those that it has. */
function missingReplicas(root: unknown, locate: Locate): readonly Finding[] {
  const checks = valueAt(root, ['checks']);
  const paths = (Array.isArray(checks) ? checks : []).flatMap((_, i) => checkPaths(i));
  return paths.flatMap((path): Finding[] => {
    const name = valueAt(root, path);
    const [, stack, service, n] =
      (typeof name === 'string' && /^([^/]+)\/([^#]+)(?:#(\d+))?$/.exec(name)) || [];
    if (stack === undefined || service === undefined) return [];
    const count = replicasAt(root, ['stacks', stack, 'services', service]);
    if (Number(n ?? 1) <= count) return [];
    const has = count === 0 ? 'none' : count === 1 ? 'one' : count;
    const summary = `there is no container ${n ?? 1} of ${stack}/${service}: it has ${has}`;
    return [{ severity: 'error', code: 'name.unknown', summary, path, place: locate(path) }];
  });
}

function sharedNames(root: unknown, locate: Locate): readonly Finding[] {
  const hosts = namesAt(root, ['hosts']);
  return [...namesAt(root, ['switches'])]
    .filter(name => hosts.has(name))
    .map((name): Finding => {
      const other = locate(['hosts', name], 'key');
      const hint = `hosts and switches share one name space${other ? `; the host is at ${other.file}:${other.line}:${other.column}` : ''}`;
      const path = ['switches', name];
      return {
        severity: 'error',
        code: 'name.taken',
        summary: `"${name}" is a host already`,
        hint,
        path,
        place: locate(path, 'key'),
      };
    });
}

/** A switch is on a host once. */
function doubledHosts(root: unknown, locate: Locate): readonly Finding[] {
  return entriesAt(root, ['switches']).flatMap(([name]) => {
    const hosts = valueAt(root, ['switches', name, 'hosts']);
    if (!Array.isArray(hosts)) return [];
    return hosts.flatMap((host: unknown, n): Finding[] => {
      if (hosts.indexOf(host) === n) return [];
      const path = ['switches', name, 'hosts', n];
      const summary = `host ${JSON.stringify(host)} stands twice among those of switch "${name}"`;
      return [{ severity: 'error', code: 'name.twice', summary, path, place: locate(path, 'value') }];
    });
  });
}

function use(noun: string, root: unknown, path: DocPath, known: ReadonlySet<string>): readonly Use[] {
  const name = valueAt(root, path);
  return typeof name === 'string' ? [{ noun, name, path, at: 'value', known }] : [];
}

function namesAt(root: unknown, path: DocPath): ReadonlySet<string> {
  return new Set(entriesAt(root, path).map(([name]) => name));
}
