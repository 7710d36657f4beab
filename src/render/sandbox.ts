import type { SandboxLogin } from '../app/index.js';
import type { SandboxState } from '../core/index.js';
import { painter } from './paint.js';
import { renderTable } from './table.js';

/** `topo sandbox ls`. */
export function renderSandboxes(states: readonly SandboxState[], view: { readonly color: boolean }): string {
  const paint = painter(view.color);
  if (states.length === 0) return 'No sandbox hosts are on this machine.';
  const rows = states.map(state => {
    const well = state.running && state.problems.length === 0;
    const text = well ? 'running' : state.problems.join(', ') || 'stopped';
    const engine = state.engine === '' ? "the machine's own" : state.engine;
    return [
      state.name,
      state.address,
      paint(well ? 'green' : 'red', text),
      engine,
      state.topology === '' ? '–' : state.topology,
    ];
  });
  return renderTable(['SANDBOX', 'ADDRESS', 'STATE', 'ENGINE', 'TOPOLOGY'], rows, paint);
}

/** What to put into `~/.ssh/config`, or to give to `ssh -F`. */
export function renderSshConfig(logins: readonly SandboxLogin[]): string {
  const blocks = logins.map(login =>
    [
      `Host ${login.name}`,
      `  HostName ${login.address}`,
      `  User ${login.user}`,
      `  IdentityFile ${login.key}`,
      '  IdentitiesOnly yes',
      `  UserKnownHostsFile ${login.knownHosts}`,
      '  StrictHostKeyChecking yes',
    ].join('\n'),
  );
  return blocks.join('\n\n');
}
