/** A change of one thing in a Compose file. */
export interface Change {
  /** What is changed, and the name of the service that it is shown on. */
  readonly name: string;
  /** The service's keys before and after, beside an image and a command. */
  readonly from: Keys;
  readonly to: Keys;
  /** The network `n-<name>` before and after: such a service is on it alone. */
  readonly network?: readonly [Keys, Keys];
  /** What topo is to do. */
  readonly expected: 'nothing' | 'update' | 'replace';
}

type Keys = Readonly<Record<string, unknown>>;

/** One row for each class of keys. */
export const CHANGES: readonly Change[] = [
  service('nothing', 'nothing', {}, {}),
  service('x-key', 'nothing', { 'x-note': 'a' }, { 'x-note': 'b' }),
  service('other-spelling', 'nothing', { environment: { A: 'b' } }, { environment: ['A=b'] }),
  service('other-order', 'nothing', { environment: ['A=b', 'C=d'] }, { environment: ['C=d', 'A=b'] }),
  service('default-written', 'nothing', {}, { tty: false, privileged: false, read_only: false }),
  service('command', 'replace', { command: ['sleep', '3600'] }, { command: ['sleep', '3601'] }),
  service('entrypoint', 'replace', {}, { entrypoint: ['sleep'], command: ['3600'] }),
  service('image', 'replace', {}, { image: 'topo/busybox:other' }),
  service('environment', 'replace', { environment: { A: 'b' } }, { environment: { A: 'c' } }),
  service('labels', 'replace', { labels: { a: 'b' } }, { labels: { a: 'c' } }),
  service('ports', 'replace', { ports: ['18500:80'] }, { ports: ['18501:80'] }),
  service('expose', 'replace', { expose: ['80'] }, { expose: ['81'] }),
  service('volumes', 'replace', { volumes: ['data:/a'] }, { volumes: ['data:/b'] }),
  service('tmpfs', 'replace', { tmpfs: '/a' }, { tmpfs: '/b' }),
  service('restart', 'update', { restart: 'no' }, { restart: 'always' }),
  service('mem-limit', 'update', { mem_limit: '64m' }, { mem_limit: '96m' }),
  service('mem-limit-gone', 'replace', { mem_limit: '64m' }, {}),
  service('cpu-shares', 'update', { cpu_shares: 512 }, { cpu_shares: 256 }),
  service('pids-limit', 'update', { pids_limit: 50 }, { pids_limit: 60 }),
  service('pids-limit-gone', 'update', { pids_limit: 50 }, {}),
  service('deploy-resources', 'update', memory('64M'), memory('96M')),
  service('network-added', 'update', { networks: ['one'] }, { networks: ['one', 'two'] }),
  service('network-removed', 'update', { networks: ['one', 'two'] }, { networks: ['one'] }),
  service('network-exchanged', 'update', { networks: ['one'] }, { networks: ['two'] }),
  service('address', 'update', fixed('10.125.0.10'), fixed('10.125.0.11')),
  service(
    'alias',
    'update',
    { networks: { one: { aliases: ['a'] } } },
    { networks: { one: { aliases: ['b'] } } },
  ),
  service('network-mode', 'replace', { network_mode: 'none' }, { network_mode: 'bridge' }),
  service('healthcheck', 'replace', health('30s'), health('40s')),
  service('hostname', 'replace', { hostname: 'a' }, { hostname: 'b' }),
  service('user', 'replace', { user: '1' }, { user: '2' }),
  service('working-dir', 'replace', { working_dir: '/tmp' }, { working_dir: '/run' }),
  service('init', 'replace', { init: true }, { init: false }),
  service('tty', 'replace', {}, { tty: true }),
  service('stop-signal', 'replace', { stop_signal: 'SIGTERM' }, { stop_signal: 'SIGINT' }),
  service('stop-grace-period', 'replace', { stop_grace_period: '1s' }, { stop_grace_period: '2s' }),
  service('cap-add', 'replace', {}, { cap_add: ['NET_ADMIN'] }),
  service('cap-drop', 'replace', {}, { cap_drop: ['ALL'] }),
  service('security-opt', 'replace', {}, { security_opt: ['no-new-privileges:true'] }),
  service('read-only', 'replace', {}, { read_only: true }),
  service('group-add', 'replace', {}, { group_add: ['8'] }),
  service('devices', 'replace', {}, { devices: ['/dev/null:/dev/nothing'] }),
  service('sysctls', 'replace', {}, { sysctls: { 'net.core.somaxconn': 512 } }),
  service('ulimits', 'replace', { ulimits: { nofile: 512 } }, { ulimits: { nofile: 256 } }),
  service('shm-size', 'replace', { shm_size: '64m' }, { shm_size: '32m' }),
  service('pid', 'replace', {}, { pid: 'host' }),
  service('ipc', 'replace', {}, { ipc: 'shareable' }),
  service('dns', 'replace', { dns: '192.0.2.1' }, { dns: '192.0.2.2' }),
  service('extra-hosts', 'replace', { extra_hosts: ['a:192.0.2.1'] }, { extra_hosts: ['a:192.0.2.2'] }),
  service('logging', 'replace', logging('1m'), logging('2m')),
  service('container-name', 'update', { container_name: 'first' }, { container_name: 'second' }),
  service('pull-policy', 'nothing', {}, { pull_policy: 'never' }),
  service('profiles', 'nothing', {}, { profiles: [] }),
  service('depends-on', 'nothing', {}, { depends_on: ['nothing'] }),
  service('scale', 'nothing', {}, { scale: 2 }),
  service('post-start', 'replace', hook('true'), hook('false || true')),
  service(
    'config-content',
    'replace',
    { configs: ['text'] },
    { configs: [{ source: 'text', target: '/other' }] },
  ),
  network('network-labels', 'update', { labels: { a: 'b' } }, { labels: { a: 'c' } }),
  network('network-internal', 'update', {}, { internal: true }),
  network('network-subnet', 'update', subnet('10.126.0.0/24'), subnet('10.127.0.0/24')),
  network('network-options', 'update', mtu('1400'), mtu('1300')),
];

/** The Compose file that has all of them, before or after. */
export function fileOf(changes: readonly Change[], when: 'from' | 'to'): Keys {
  const all = changes.map(c => {
    const on = c.network ? { networks: [`n-${c.name}`] } : {};
    return [
      c.name,
      { image: 'topo/busybox', command: ['sleep', '3600'], stop_grace_period: '0s', ...on, ...c[when] },
    ];
  });
  const own = changes.flatMap(c => (c.network ? [[`n-${c.name}`, c.network[when === 'from' ? 0 : 1]]] : []));
  return {
    services: Object.fromEntries(all) as Keys,
    networks: { one: subnet('10.125.0.0/24'), two: {}, ...(Object.fromEntries(own) as Keys) },
    volumes: { data: {} },
    configs: { text: { content: 'text' } },
  };
}

function service(name: string, expected: Change['expected'], from: Keys, to: Keys): Change {
  return { name, expected, from, to };
}

function network(name: string, expected: Change['expected'], from: Keys, to: Keys): Change {
  return { name, expected, from: {}, to: {}, network: [from, to] };
}

function memory(limit: string): Keys {
  return { deploy: { resources: { limits: { memory: limit } } } };
}

function fixed(address: string): Keys {
  return { networks: { one: { ipv4_address: address } } };
}

function health(interval: string): Keys {
  return { healthcheck: { test: 'true', interval } };
}

function logging(size: string): Keys {
  return { logging: { driver: 'json-file', options: { 'max-size': size } } };
}

function hook(command: string): Keys {
  return { post_start: [{ command: ['sh', '-c', command] }] };
}

function subnet(subnet: string): Keys {
  return { ipam: { config: [{ subnet }] } };
}

function mtu(value: string): Keys {
  return { driver_opts: { 'com.docker.network.driver.mtu': value } };
}
