import { hostError } from './errors.js';

/** Whether and how commands become root on a host. */
export type Privilege =
  | { readonly is: 'root' }
  | { readonly is: 'sudo' }
  /** `why`: what sudo said, or that it was turned off. */
  | { readonly is: 'none'; readonly user: string; readonly why: string };

/** Asks a host who the user is, and whether sudo lets it pass without a password. First line: the uid. */
export const privilegeProbe: readonly string[] = [
  'sh',
  '-c',
  'id -u; id -un; [ "$(id -u)" = 0 ] || sudo -n true',
];

/** What the probe's answer means. `sudo`: as the topology file has it; absent, it is used where the user is not root. */
export function privilegeOf(
  probe: { code: number; stdout: string; stderr: string },
  sudo: boolean | undefined,
): Privilege {
  const [uid = '', user = ''] = probe.stdout.split('\n');
  if (uid === '0' && sudo !== true) return { is: 'root' };
  if (sudo === false) return { is: 'none', user, why: '`sudo: false` is set' };
  if (probe.code === 0) return { is: 'sudo' };
  return { is: 'none', user, why: probe.stderr.trim().split('\n').at(-1) ?? '' };
}

/**
 * The argv that runs a command as root. sudo drops the environment, but a command may want to know by which address the
 * host was reached, and bears the marks by which it is found again. Throws where there is no way to become root.
 */
export function asRoot(argv: readonly string[], privilege: Privilege, host: string): readonly string[] {
  switch (privilege.is) {
    case 'root':
      return argv;
    case 'sudo':
      return [
        'sh',
        '-c',
        'exec sudo -n env ${SSH_CONNECTION+"SSH_CONNECTION=$SSH_CONNECTION"} ${TOPO_CALL+"TOPO_CALL=$TOPO_CALL"} ${TOPO_RUN+"TOPO_RUN=$TOPO_RUN"} "$@"',
        'sh',
        ...argv,
      ];
    case 'none':
      throw hostError(host, 'host.sudo', `user ${privilege.user} can't become root there: ${privilege.why}`, {
        hint: `let it: '${privilege.user} ALL=(root) NOPASSWD: ALL' in /etc/sudoers.d/topo, or log in as root`,
      });
  }
}
