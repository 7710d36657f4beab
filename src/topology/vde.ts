import { z } from 'zod';
import type { VdeDeclaration } from '../core/index.js';
import { complain, isMap, key, lazily, text } from './blocks.js';
import { fileMode, modeNumber } from './file-mode.js';
import { given } from './given.js';
import { expandPorted, portedKeys, switchOn } from './switch-common.js';

type VdeInput = z.input<ReturnType<typeof vdeSchema>>;

/** Characters of `sun_path` (unix(7)), less the 0 at the end. */
const SOCKET_PATH = 107;

/** What a switch puts behind its directory: `/ctl`, and `/PORT.FD` for each that is plugged in. */
const LONGEST_SOCKET = '/4096.99999'.length;

/** Of a switch that is somebody else's nothing of this can be said. */
const ONLY_MADE = ['fstp', 'group', 'hub', 'ports', 'priority', 'socket_mode'] as const;

/** A VDE switch on one host. */
export const vdeSchema = lazily(() =>
  switchOn(z.literal('vde'), {
    host: z.string().describe('The host it is on.'),
    ...portedKeys(),
    socket_dir: key(
      socketPath(SOCKET_PATH - LONGEST_SOCKET),
      'The directory of its sockets: that of a switch that runs there already, unless create is true; by default one of its own.',
    ),
    create: key(z.boolean(), 'Whether a switch is made where none runs in socket_dir.', false),
    management_socket: key(
      socketPath(SOCKET_PATH),
      'The path of its management socket; by default one of its own.',
    ),
    group: key(groupName(), 'The group that may use its sockets, such as that of QEMU guests without root.'),
    socket_mode: key(fileMode(), 'The permissions of its sockets; by default 0600, and 0660 with a group.'),
    ports: key(z.int().min(1).max(4095), 'How many things can be plugged in.', 32),
    hub: key(z.boolean(), 'Whether it sends every frame to all ports.', false),
    fstp: key(z.boolean(), 'Whether it speaks its fast spanning tree protocol.', false),
    priority: key(z.int().min(0).max(65535), 'Its priority in the spanning tree.'),
  }).superRefine(checkKeys, { when: ({ value }) => isMap(value) }),
);

/** The input has been validated. */
export function expandVde(input: VdeInput): VdeDeclaration {
  const { socket_mode: mode, group } = input;
  return {
    kind: 'vde',
    host: input.host,
    ...expandPorted(input),
    ...given({ directory: real(input.socket_dir), management: real(input.management_socket) }),
    isMade: isMade(input),
    ports: input.ports ?? 32,
    hub: input.hub ?? false,
    fstp: input.fstp ?? false,
    ...given({ priority: input.priority, group }),
    mode: mode === undefined ? (group === undefined ? 0o600 : 0o660) : modeNumber(mode),
  };
}

function isMade({
  socket_dir,
  create,
}: {
  readonly socket_dir?: unknown;
  readonly create?: unknown;
}): boolean {
  return socket_dir === undefined || create === true;
}

/** `/var/run` leads to `/run`, and by that a vde_switch has its sockets, whatever it was told (seen). */
function real(path: string | undefined): string | undefined {
  return path?.replace(/^\/var\/run\//, '/run/');
}

function checkKeys(value: Record<string, unknown>, context: z.RefinementCtx): void {
  const say = (name: string, summary: string, hint: string): void =>
    complain(context, { is: 'said', code: 'key.conflict', summary, hint, at: 'key' }, [name]);
  if (value['create'] === false && value['socket_dir'] === undefined)
    say('create', 'a VDE switch without a socket_dir is always made', 'leave create out');
  if (value['hub'] === true && value['fstp'] === true)
    say('fstp', 'a hub speaks no spanning tree protocol', 'leave fstp or hub out');
  if (isMade(value)) return;
  for (const name of ONLY_MADE.filter(own => value[own] !== undefined)) {
    const summary = `"${name}" is for a switch that topo makes, and the one in socket_dir is there already`;
    say(name, summary, `leave ${name} out, or set create: true`);
  }
}

/** vde_switch and those who plug in tell each other paths: what is relative would mean something else to each. */
function socketPath(most: number): z.ZodString {
  return text({
    what: `an absolute path of at most ${most} characters, without spaces`,
    test: value => value.length <= most && /^(\/(?!\.{1,2}(\/|$))[A-Za-z0-9_.+@-]+)+$/.test(value),
    hint: value =>
      value.length > most
        ? `it has ${value.length}; the paths of sockets end at ${SOCKET_PATH}`
        : value.startsWith('/')
          ? undefined
          : 'vde_switch and its clients tell each other this path: a relative one would mean something else to each',
    examples: ['/run/vde.ctl'],
  });
}

function groupName(): z.ZodString {
  return text({
    what: 'the name of a group',
    test: /^[A-Za-z_][A-Za-z0-9_.-]{0,30}\$?$/,
    examples: ['kvm'],
  });
}
