import { z } from 'zod';
import { CONTEXT_NAME, nearest, parseAddress, parseLogin } from '../core/index.js';
import type { HostDeclaration, HostForm } from '../core/index.js';
import { closed, complain, isMap, key, lazily, text } from './blocks.js';
import { perFamily } from './phrases.js';

export type HostInput = z.input<ReturnType<typeof hostSchema>>;

const FORMS = ['local', 'sandbox', 'ssh', 'context'];

/** A host: `ssh://…`, `local` or `sandbox`, or a map with one of these forms and more. */
export const hostSchema = lazily(() =>
  z
    .union([
      text({
        what: 'a host (ssh://[user@]host[:port], local or sandbox)',
        test: value =>
          value === 'local' ||
          value === 'sandbox' ||
          (value.startsWith('ssh://') && parseLogin(value) !== undefined),
        hint: hostHint,
        examples: ['ssh://root@192.0.2.10', 'local', 'sandbox'],
      }),
      hostObject(),
    ])
    .meta({ id: 'host', description: 'A machine with a container engine.' }),
);

/** Every short form as its object form says it. The input has been validated. */
export function expandHost(input: HostInput): HostDeclaration {
  const host = typeof input === 'string' ? {} : input;
  return {
    form: hostForm(input),
    underlay: [host.underlay ?? []].flat(),
    ...(host.sudo !== undefined && { sudo: host.sudo }),
    ...(host.docker_socket !== undefined && { dockerSocket: host.docker_socket }),
    acceptNewHostKey: host.accept_new_host_key ?? false,
    ...(host.transport !== undefined && { transport: host.transport }),
    ...(host.vppctl !== undefined && { vppctl: [host.vppctl].flat() }),
    ...(host.vale_ctl !== undefined && { valeCtl: [host.vale_ctl].flat() }),
  };
}

function hostObject() {
  return closed({
    ssh: key(login(), 'How it is reached: [user@]host[:port]; names of ~/.ssh/config work too.'),
    local: key(z.literal(true), 'This machine.'),
    sandbox: key(z.union([z.literal(true), sandbox()]), 'A simulated host on this machine.'),
    context: key(contextName(), 'A Docker context; its ssh:// endpoint is used for commands too.'),
    underlay: key(
      perFamily(underlay()),
      'Tunnel address (one per family; IPv4 is taken where all hosts have it), or the name of an interface; by default the source address towards the peers.',
    ),
    sudo: key(z.boolean(), 'Whether commands are run with sudo -n; by default where the user is not root.'),
    docker_socket: key(
      absolutePath(),
      "The engine's socket there; by default /var/run/docker.sock, or what the Docker context says.",
    ),
    accept_new_host_key: key(z.boolean(), 'Whether an unknown host key is accepted and remembered.', false),
    transport: key(
      z.enum(['ssh2', 'openssh']),
      "Which client logs in: ssh2, which topo brings along, or the OpenSSH of this machine; by default ssh2, and openssh where ~/.ssh/config asks for what ssh2 can't do.",
    ),
    vppctl: key(argv(), 'How vppctl is called there, a list of words or one; by default vppctl.'),
    vale_ctl: key(argv(), 'How vale-ctl is called there, a list of words or one; by default vale-ctl.'),
  }).superRefine(
    (value, context) => {
      const given = FORMS.filter(form => Object.hasOwn(value, form));
      if (given.length === 1) return;
      const summary =
        given.length === 0
          ? 'a host that does not say how it is reached'
          : `a host is either ${given.join(' or ')}`;
      complain(context, {
        is: 'said',
        code: given.length === 0 ? 'key.missing' : 'key.conflict',
        summary,
        hint: 'give one of ssh, context, local, sandbox',
        at: 'key',
      });
    },
    { when: ({ value }) => isMap(value) },
  );
}

function sandbox() {
  return closed({
    engine: key(
      absolutePath(),
      "The directory of the engine's programs; by default those that are installed.",
    ),
  });
}

/** As the docker command line allows it. */
function contextName(): z.ZodString {
  return text({
    what: 'the name of a Docker context',
    test: CONTEXT_NAME,
    hint: value =>
      value.includes('://')
        ? 'it is a name of `docker context ls`; an address stands under `ssh:`'
        : undefined,
    examples: ['rog'],
  });
}

function login(): z.ZodString {
  return text({
    what: 'a login ([user@]host[:port])',
    test: value => parseLogin(value) !== undefined,
    examples: ['root@192.0.2.10', 'alon@big:2222'],
  });
}

function underlay() {
  return text({
    what: 'an address or the name of an interface',
    test: /^[A-Za-z0-9][A-Za-z0-9_.:@-]{0,38}$/,
    examples: ['192.0.2.10', '2001:db8::10', 'eth1'],
  }).superRefine((value, context) => {
    if (!parseAddress(value) && value.length > 15) {
      complain(context, {
        is: 'not',
        what: 'an address, and too long for the name of an interface',
        code: 'value.invalid',
      });
    }
  });
}

function absolutePath(): z.ZodString {
  return text({ what: 'an absolute path', test: /^\/[^\0\n]*$/ });
}

function argv() {
  return z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);
}

function hostForm(input: HostInput): HostForm {
  if (input === 'local') return { is: 'local' };
  if (input === 'sandbox') return { is: 'sandbox' };
  if (typeof input === 'string') return { is: 'ssh', ...parseLogin(input)! };
  if (input.local) return { is: 'local' };
  if (input.ssh !== undefined) return { is: 'ssh', ...parseLogin(input.ssh)! };
  if (input.context !== undefined) return { is: 'context', context: input.context };
  const engine = typeof input.sandbox === 'object' ? input.sandbox.engine : undefined;
  return { is: 'sandbox', ...(engine !== undefined && { engine }) };
}

function hostHint(value: string): string | undefined {
  const form = nearest(value, ['local', 'sandbox']);
  if (form) return `did you mean ${form}?`;
  if (/^s*s?h*:|^\/\//.test(value)) return 'such as ssh://root@192.0.2.10:22; ports are 1 to 65535';
  return parseLogin(value) && value.length > 0 ? `perhaps ssh://${value}` : undefined;
}
