/** Keys of the Compose specification (2025) that topo warns of instead of acting on them. */
export const IGNORED_SERVICE_KEYS: readonly string[] = [
  ...['annotations', 'attach', 'blkio_config', 'cgroup', 'cgroup_parent', 'cpu_count', 'cpu_percent'],
  ...['credential_spec', 'develop', 'device_cgroup_rules'],
  ...['gpus', 'isolation', 'models', 'platform'],
  ...[
    'pre_stop',
    'provider',
    'pull_refresh_after',
    'runtime',
    'storage_opt',
    'use_api_socket',
    'userns_mode',
    'uts',
  ],
];
