/** What stands beside a key so that it means something, by the path of the map that it is in. */
export const BESIDE: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'services.*': { image: 'x' },
  'services.*.build': { context: '/x' },
  'services.*.build.secrets[]': { source: 'k' },
  'services.*.build.ulimits.*': { soft: 1, hard: 9 },
  'services.*.configs[]': { source: 'c' },
  'services.*.secrets[]': { source: 'k' },
  'services.*.depends_on.*': { condition: 'service_started' },
  'services.*.deploy.restart_policy': { condition: 'on-failure' },
  'services.*.deploy.resources.reservations.devices[]': { capabilities: ['gpu'] },
  'services.*.devices[]': { source: '/dev/null' },
  'services.*.env_file[]': { path: '/x.env' },
  'services.*.extends': { service: 'b' },
  'services.*.healthcheck': { test: 'true' },
  'services.*.logging': { driver: 'syslog' },
  'services.*.ports[]': { target: 80, published: '8080' },
  'services.*.post_start[]': { command: ['x'] },
  'services.*.pre_stop[]': { command: ['x'] },
  'services.*.ulimits.*': { soft: 1, hard: 9 },
  'services.*.volumes[]': { type: 'bind', source: '/x', target: '/y' },
  'include[]': { path: '/include.yaml' },
  'networks.*': { ipam: { config: [{ subnet: '10.9.0.0/24' }] } },
  'networks.*.ipam.config[]': { subnet: '10.9.0.0/24' },
  'configs.*': { content: 'x' },
  'secrets.*': { file: '/x' },
};

/** What stands there for one key alone. */
export const BESIDE_KEY: Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>
> = {
  'services.*.volumes[].volume': { 'services.*.volumes[]': { type: 'volume', source: 'v', target: '/y' } },
  'services.*.volumes[].tmpfs': { 'services.*.volumes[]': { type: 'tmpfs', target: '/y' } },
  'services.*.volumes[].image': { 'services.*.volumes[]': { type: 'image', source: 'x', target: '/y' } },
  'services.*.volumes[].type': { 'services.*.volumes[]': { source: '/x', target: '/y' } },
  'services.*.healthcheck.disable': { 'services.*.healthcheck': {} },
  'services.*.healthcheck.start_interval': { 'services.*.healthcheck': { test: 'true', start_period: '1m' } },
  'services.*.network_mode': { 'services.*': { image: 'x', networks: [] } },
  'services.*.networks.*.priority': { 'services.*.networks': { o: {} } },
  'services.*.networks.*.ipv6_address': {
    'networks.*': {
      enable_ipv6: true,
      ipam: { config: [{ subnet: '10.9.0.0/24' }, { subnet: 'fd00::/64' }] },
    },
  },
  'services.*.env_file[].required': { 'services.*.env_file[]': { path: '/missing.env' } },
  'services.*.extends.service': { 'services.*.extends': {} },
  'services.*.pull_policy': { 'services.*': { image: 'y' } },
  'services.*.extends.file': { 'services.*.extends': { service: 'e' } },
  'services.*.image': { 'services.*': {} },
  'services.*.configs[].source': { 'services.*.configs[]': {} },
  'services.*.secrets[].source': { 'services.*.secrets[]': {} },
  'configs.*.file': { 'configs.*': {} },
  'configs.*.environment': { 'configs.*': {} },
  'configs.*.content': { 'configs.*': {} },
  'configs.*.external': { 'configs.*': {} },
  'secrets.*.file': { 'secrets.*': {} },
  'secrets.*.environment': { 'secrets.*': {} },
  'secrets.*.external': { 'secrets.*': {} },
  'networks.*.external': { 'networks.*': {} },
};

/** The files that there are. */
export const TEXTS: Readonly<Record<string, string>> = {
  '/x': 'x',
  '/z': 'z',
  '/lab/x': 'x=1',
  '/x.env': 'X="1"',
  '/y.env': 'Y=2',
  '/i.env': 'I=1',
  '/include.yaml': '{ services: { i: { image: "x${I:-}", volumes: ["./i:/i"] } } }',
  '/extended.yaml': '{ services: { e: { image: "x", labels: { e: "e" } } } }',
};
