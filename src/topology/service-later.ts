import { z } from 'zod';
import { later, oneOrMore } from './blocks.js';
import { environmentSchema } from './environment.js';

/** Keys of the Compose specification (2025) that topo warns of instead of acting on them. */
export const IGNORED_SERVICE_KEYS: readonly string[] = [
  ...[
    'annotations',
    'attach',
    'blkio_config',
    'cgroup',
    'cgroup_parent',
    'cpu_count',
    'cpu_percent',
    'cpu_period',
    'cpu_quota',
  ],
  ...[
    'cpu_rt_period',
    'cpu_rt_runtime',
    'cpu_shares',
    'cpus',
    'cpuset',
    'credential_spec',
    'develop',
    'device_cgroup_rules',
  ],
  ...[
    'domainname',
    'expose',
    'external_links',
    'gpus',
    'isolation',
    'label_file',
    'links',
    'mac_address',
    'mem_limit',
  ],
  ...[
    'mem_reservation',
    'mem_swappiness',
    'memswap_limit',
    'models',
    'oom_kill_disable',
    'oom_score_adj',
    'pids_limit',
    'platform',
  ],
  ...[
    'pre_stop',
    'provider',
    'runtime',
    'stdin_open',
    'storage_opt',
    'tty',
    'use_api_socket',
    'userns_mode',
    'uts',
    'volumes_from',
  ],
];

/** Keys of the Compose specification that topo will act on. */
export function laterServiceKeys() {
  return { ...laterSources(), ...laterLife(), ...laterIdentity(), ...laterLimits() };
}

const list = () => z.array(z.string());
const map = () => z.looseObject({});
const size = () => z.union([z.string(), z.number()]);

function laterSources() {
  return {
    build: later(z.union([z.string(), map()]), 'How the image is built on the target engine.'),
    env_file: later(oneOrMore(z.union([z.string(), map()])), 'Files with environment.'),
    configs: later(z.array(z.union([z.string(), map()])), 'Files that are copied in before the start.'),
    secrets: later(
      z.array(z.union([z.string(), map()])),
      'Secret files that are copied in before the start.',
    ),
    extends: later(z.union([z.string(), map()]), 'Another service whose keys this one takes.'),
    tmpfs: later(oneOrMore(z.string()), 'Memory file systems.'),
    logging: later(map(), 'Where its output goes.'),
  };
}

function laterLife() {
  return {
    depends_on: later(z.union([list(), z.record(z.string(), map())]), 'Services that come first.'),
    healthcheck: later(map(), 'What tells that it is healthy.'),
    scale: later(z.int().min(0), 'How many containers.'),
    deploy: later(map(), 'Replicas and resources.'),
    profiles: later(list(), 'Profiles it belongs to.'),
    init: later(z.boolean(), 'Whether an init process runs in it.'),
    stop_signal: later(z.string(), 'The signal that ends it.'),
    stop_grace_period: later(z.string(), 'How long it may take to end.'),
    post_start: later(z.array(map()), 'Commands run in it once it has started.'),
  };
}

function laterIdentity() {
  return {
    network_mode: later(z.string(), 'none, host, service:NAME or container:NAME.'),
    hostname: later(z.string(), 'Its host name.'),
    user: later(size(), 'The user it runs as.'),
    working_dir: later(z.string(), 'The directory it runs in.'),
    extra_hosts: later(environmentSchema(), 'Entries of its hosts file.'),
    dns: later(oneOrMore(z.string()), 'Name servers.'),
    dns_opt: later(list(), 'Options of its resolver.'),
    dns_search: later(oneOrMore(z.string()), 'Search domains.'),
    group_add: later(z.array(size()), 'More groups of its user.'),
    pid: later(z.string(), 'Whose process namespace it shares.'),
    ipc: later(z.string(), 'Whose IPC namespace it shares.'),
  };
}

function laterLimits() {
  return {
    cap_add: later(list(), 'Capabilities it has besides.'),
    cap_drop: later(list(), 'Capabilities it has not.'),
    privileged: later(z.boolean(), 'Whether it may do everything.'),
    devices: later(z.array(z.union([z.string(), map()])), 'Devices of the host.'),
    sysctls: later(environmentSchema(), 'Kernel settings of its namespaces.'),
    ulimits: later(map(), 'Limits of its processes.'),
    shm_size: later(size(), 'The size of /dev/shm.'),
    read_only: later(z.boolean(), 'Whether its root file system is read-only.'),
    security_opt: later(list(), 'Security options.'),
  };
}
