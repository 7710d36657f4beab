import { z } from 'zod';
import type { DeviceDeclaration, ServiceSettings } from '../core/index.js';
import { closed, complain, isMap, key, oneOrMore, text } from './blocks.js';
import { environmentSchema, expandLabels } from './environment.js';
import { given, ifSet } from './given.js';
import { byteCount, bytes } from './sizes.js';

type RightsInput = z.input<z.ZodObject<ReturnType<typeof rightsKeys>>>;
type DeviceInput = NonNullable<RightsInput['devices']>[number];

/** What a service may do, whose namespaces it shares, and the kernel's limits for it. */
export function rightsKeys() {
  return {
    privileged: key(z.boolean(), 'Whether it may do everything.', false),
    cap_add: key(z.array(capability()), 'Capabilities it has besides.'),
    cap_drop: key(z.array(capability()), 'Capabilities it has not.'),
    security_opt: key(z.array(securityOption()), 'Security options.'),
    group_add: key(z.array(z.union([z.string().min(1), z.int().min(0)])), 'More groups of its user.'),
    read_only: key(z.boolean(), 'Whether its root file system is read-only.', false),
    devices: key(z.array(z.union([shortDevice(), longDevice()])), 'Devices of the host.'),
    sysctls: key(environmentSchema(), 'Kernel settings of its namespaces.'),
    ulimits: key(z.record(z.string(), z.union([limit(), limitPair()])), 'Limits of its processes.'),
    shm_size: key(bytes(), 'The size of /dev/shm.', '64m'),
    tmpfs: key(oneOrMore(tmpfsPath()), 'Memory file systems: PATH[:OPTIONS].'),
    pid: key(
      namespace(['host']),
      'Whose process namespace it shares: host, service:NAME, or container:NAME.',
    ),
    ipc: key(
      namespace(['host', 'none', 'private', 'shareable']),
      'Its IPC namespace: host, none, private, shareable, service:NAME, or container:NAME.',
    ),
    network_mode: key(
      namespace(['none', 'host', 'bridge']),
      'Instead of networks: none, host, bridge, service:NAME, or container:NAME.',
    ),
  };
}

/** The input has been validated. */
export function expandRights(input: RightsInput): ServiceSettings {
  const { sysctls, ulimits, shm_size: shm, tmpfs } = input;
  return given({
    privileged: ifSet(input.privileged),
    capAdd: input.cap_add,
    capDrop: input.cap_drop,
    // As Compose: both signs are in use, the engine wants "=".
    securityOpt: input.security_opt?.map(option => option.replace(/^([^:=]+):/, '$1=')),
    groupAdd: input.group_add?.map(String),
    readOnly: ifSet(input.read_only),
    devices: input.devices?.map(expandDevice),
    sysctls: sysctls && expandLabels(sysctls),
    ulimits: ulimits && expandUlimits(ulimits),
    shmSize: shm === undefined ? undefined : byteCount(shm),
    tmpfs: tmpfs === undefined ? undefined : Object.fromEntries([tmpfs].flat().map(splitTmpfs)),
    pid: input.pid,
    ipc: input.ipc,
    networkMode: input.network_mode,
  });
}

function capability() {
  return text({
    what: 'a capability such as NET_ADMIN',
    test: /^(CAP_)?[A-Za-z][A-Za-z_]*$/,
    hint: value => (value.includes('-') ? `perhaps ${value.replaceAll('-', '_').toUpperCase()}` : undefined),
    examples: ['NET_ADMIN', 'ALL'],
  });
}

function securityOption() {
  return z.string().superRefine((value, context) => {
    const [, file] = /^seccomp[:=](?!unconfined$|builtin$)(.*)$/.exec(value) ?? [];
    if (file === undefined || file.startsWith('{')) return;
    complain(context, {
      is: 'not-yet',
      what: 'a seccomp profile from a file is',
      hint: 'seccomp:unconfined, seccomp:builtin and a profile in place are there',
    });
  });
}

/** `HOST[:CONTAINER[:rwm]]`; a name of the Container Device Interface (`vendor.com/class=name`) is another thing. */
const DEVICE = /^(\/[^:]*)(?::(\/[^:]*))?(?::([rwm]{1,3}))?$/;

function shortDevice() {
  return text({
    what: 'a device (HOST[:CONTAINER[:rwm]])',
    test: DEVICE,
    hint: 'such as /dev/net/tun, or /dev/sda:/dev/xvda:r; the host is that of the engine',
    examples: ['/dev/net/tun', '/dev/sda:/dev/xvda:r'],
  });
}

function longDevice() {
  const path = () => text({ what: 'an absolute path', test: /^\/[^\0\n]*$/ });
  return closed({
    source: path().describe("The device of the engine's host."),
    target: key(path(), 'Where, in the container; by default the same.'),
    permissions: key(text({ what: 'of r, w and m', test: /^[rwm]{1,3}$/ }), 'Of r, w and m.', 'rwm'),
  });
}

function expandDevice(input: DeviceInput): DeviceDeclaration {
  if (typeof input !== 'string') {
    const { source, target = source, permissions = 'rwm' } = input;
    return { host: source, container: target, permissions };
  }
  const [, host = '', container = host, permissions = 'rwm'] = DEVICE.exec(input) ?? [];
  return { host, container, permissions };
}

function limit() {
  return z.int().min(-1);
}

function limitPair() {
  const both = 'a limit has soft and hard';
  return closed({
    soft: limit().describe('What it starts with.'),
    hard: limit().describe('What it may raise it to.'),
  }).superRefine(
    (value, context) => {
      if (!isMap(value) || typeof value.soft !== 'number' || typeof value.hard !== 'number') return;
      if (value.hard === -1 || (value.soft !== -1 && value.soft <= value.hard)) return;
      const summary = `the soft limit ${value.soft} is above the hard one, ${value.hard}`;
      complain(context, { is: 'said', code: 'value.invalid', summary, hint: both });
    },
    { when: ({ value }) => isMap(value) },
  );
}

function expandUlimits(input: NonNullable<RightsInput['ulimits']>): ServiceSettings['ulimits'] {
  const pairs = Object.entries(input).map(([name, value]) => {
    const { soft, hard } = typeof value === 'number' ? { soft: value, hard: value } : value;
    return [name, { soft, hard }] as const;
  });
  return Object.fromEntries(pairs);
}

function tmpfsPath() {
  return text({
    what: 'a memory file system (PATH[:OPTIONS])',
    test: /^\/[^:\0\n]*(:[^:\0\n]*)?$/,
    examples: ['/run', '/tmp:size=64m,mode=1777'],
  });
}

function splitTmpfs(entry: string): [string, string] {
  const [path = '', options = ''] = entry.split(':');
  return [path, options];
}

function namespace(words: readonly string[]) {
  const all = [...words, 'service:NAME'];
  return text({
    what: `one of ${all.join(', ')} and container:NAME`,
    test: value => words.includes(value) || /^(container|service):[a-zA-Z0-9][\w.-]*$/.test(value),
  });
}
