import type { Inspected, Objects } from './objects.js';

/**
 * Objects in which what is another one on every run is a word instead: ids, times, process ids, hardware addresses, addresses
 * and ports that the engine chose, how far a health check has come, and the folder of the files. Lists whose order means nothing
 * are sorted. All else is left as it is.
 */
export function normalised(objects: Objects, directory: string, host: string): Objects {
  const names = [
    [directory, '<directory>'] as const,
    [host, '<host>'] as const,
    ...Object.entries(objects).flatMap(namesOf),
  ];
  const byLength = names.toSorted(([a], [b]) => b.length - a.length);
  const named = (text: string): string =>
    byLength
      .reduce((all, [id, name]) => all.replaceAll(id, name), text)
      .replace(/sha256:[0-9a-f]{64}/g, '<image>')
      .replace(/\b[0-9a-f]{64}\b/g, '<id>');
  const all = Object.entries(objects).map(([name, object]) => {
    const renamed = mapped(object, named) as Inspected;
    return [named(name), sorted(words(name.split(' ')[0]!, renamed), '')] as const;
  });
  return Object.fromEntries(all.toSorted(([a], [b]) => (a < b ? -1 : 1))) as Objects;
}

/** Ids, long and short, as the names of what bears them; volumes have names alone. */
function namesOf([name, object]: readonly [string, Inspected]): readonly (readonly [string, string])[] {
  if (name.startsWith('volume ')) {
    const own = String(object['Name']);
    return name.endsWith(` ${own}`) ? [] : [[own, `<${name}>`]];
  }
  const id = String(object['Id']);
  const word = `<${name}>`;
  return name.startsWith('container ')
    ? [
        [id, word],
        [id.slice(0, 12), word],
      ]
    : [[id, word]];
}

/** Every text in a value, by a function. */
function mapped(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map(item => mapped(item, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [change(key), mapped(item, change)]));
}

function words(kind: string, object: Inspected): unknown {
  const at = (path: string, value: unknown, parent: Inspected): unknown => {
    const found = CHANGING.find(c => c.path.test(`${kind}.${path}`) && (c.when?.(value, parent) ?? true));
    return found ? found.word : walk(path, value);
  };
  const walk = (path: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((item, i) => at(`${path}.${i}`, item, {}));
    if (!isObject(value)) return typeof value === 'string' ? withoutPools(value) : value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        at(path === '' ? key : `${path}.${key}`, item, value),
      ]),
    );
  };
  return walk('', object);
}

interface Changing {
  readonly path: RegExp;
  readonly word: string;
  readonly when?: (value: unknown, parent: Inspected) => boolean;
}

const filled = (value: unknown): boolean => value !== '' && value !== 0;
/** An endpoint's own, unless the file fixes its address: the engine makes the hardware address of that. */
const chosen = (value: unknown, { IPAMConfig: fixed }: Inspected): boolean =>
  filled(value) && !(isObject(fixed) && (fixed['IPv4Address'] ?? fixed['IPv6Address']) !== undefined);

/** What is another one on every run; `when`: only where that is so. */
const CHANGING: readonly Changing[] = [
  { path: /^container\.(Created|State\.(StartedAt|FinishedAt))$/, word: '<time>' },
  { path: /^(network\.Created|volume\.CreatedAt)$/, word: '<time>' },
  { path: /^container\.State\.Pid$/, word: '<pid>', when: filled },
  { path: /^container\.State\.Health$/, word: '<health>', when: value => value !== null },
  { path: /^(container\.Config|network|volume)\.Labels\.com\.docker\.compose\.config-hash$/, word: '<hash>' },
  { path: /^container\.ExecIDs$/, word: '<commands>' },
  { path: /^container\.GraphDriver\.Data$/, word: '<layers>' },
  { path: /^container\.NetworkSettings\.(SandboxID|SandboxKey)$/, word: '<namespace>', when: filled },
  { path: /^container\..*EndpointID$/, word: '<endpoint>', when: filled },
  {
    path: /^container\.NetworkSettings\.(IPAddress|GlobalIPv6Address|MacAddress)$/,
    word: '<chosen>',
    when: filled,
  },
  {
    path: /^container\.NetworkSettings\.Networks\..*\.(IPAddress|IPPrefixLen|GlobalIPv6Address|MacAddress)$/,
    word: '<chosen>',
    when: chosen,
  },
  {
    path: /^container\.NetworkSettings\.Ports\..*\.HostPort$/,
    word: '<chosen>',
    when: value => Number(value) > 32_000,
  },
  { path: /^network\.Containers\..*\.EndpointID$/, word: '<endpoint>' },
  { path: /^network\.Containers\..*\.(MacAddress|IPv4Address|IPv6Address)$/, word: '<chosen>', when: filled },
];

/** Addresses of the pools that engines take subnets from where the file names none. */
function withoutPools(text: string): string {
  return text.replace(/\b(172\.(1[6-9]|2\d|3[01])|192\.168)\.\d+\.\d+(\/\d+)?\b/g, '<pool>');
}

/** Lists that are sets; those of mounts, limits and ports by what they are for. */
const SETS =
  /^(Config\.Env|HostConfig\.(Binds|CapAdd|CapDrop|ExtraHosts|GroupAdd|Links|Ulimits|Mounts|SecurityOpt|DeviceCgroupRules)|Mounts|NetworkSettings\.Networks\.[^.]+\.(Aliases|Links)|NetworkSettings\.Networks\..*\.Aliases)$/;

/** A label of docker compose in which the dependencies stand in any order. */
const DEPENDENCIES = 'Config.Labels.com.docker.compose.depends_on';

function sorted(value: unknown, path: string): unknown {
  if (path === DEPENDENCIES && typeof value === 'string') return value.split(',').sort().join();
  if (Array.isArray(value)) {
    const items = value.map(item => sorted(item, `${path}.#`));
    return SETS.test(path) ? items.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)) : items;
  }
  if (!isObject(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map(key => [key, sorted(value[key], path === '' ? key : `${path}.${key}`)]));
}

function sortKey(item: unknown): string {
  const { Destination, Target, Name } = (isObject(item) ? item : {}) as Readonly<Record<string, string>>;
  return typeof item === 'string' ? item : (Destination ?? Target ?? Name ?? JSON.stringify(item));
}

/** Whether a value is a map. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
