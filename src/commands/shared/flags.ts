import * as Flags from '@oclif/core/flags';
import type { Focus } from '../../app/index.js';

const topology = {
  multiple: true,
  multipleNonGreedy: true,
  helpValue: 'FILE',
  description:
    'topology file; further ones are merged over it [default: TOPO_FILE, else topo.yaml, topo.yml or the only *.topo.yaml here]',
} as const;

/** `-f FILE`: the topology, in one file or several. Without it: TOPO_FILE, topo.yaml, topo.yml, or the only *.topo.yaml here. */
export const file = Flags.string({ char: 'f', ...topology });

/** The same where `-f` means something else. */
export const fileInFull = Flags.string(topology);

export const json = Flags.boolean({ description: 'print the result as JSON' });

/** For the commands that change something. */
export const events = Flags.boolean({
  description: 'print events as they come and the result, one JSON value a line',
});

export const yes = Flags.boolean({ char: 'y', description: 'do not ask before something is destroyed' });

/** `--no-verify`. */
export const verify = Flags.boolean({
  default: true,
  allowNo: true,
  description: 'read the hosts again afterwards; `up` proves the links as well',
});

/** `--skip-unreachable`: a host that is dead must not keep all others from being looked after. */
export const skipUnreachable = Flags.boolean({
  description: "leave out hosts that can't be reached, and say what stays undone",
});

const part = { multiple: true, multipleNonGreedy: true, helpValue: 'X' } as const;

/** For the commands that can do with a part of the topology. */
export const focus = {
  target: Flags.string({
    ...part,
    description: 'only this host, stack, stack/service or switch, and what it needs (repeatable)',
  }),
  exclude: Flags.string({ ...part, description: 'all but this, and what needs it (repeatable)' }),
};

/** The part that `focus` flags name. */
export function focusOf(flags: { target?: string[] | undefined; exclude?: string[] | undefined }): Focus {
  return { targets: flags.target ?? [], excludes: flags.exclude ?? [] };
}

/** Of `plan` and `up`. */
export const adopt = Flags.boolean({
  description: 'take over what docker compose made for the same projects, as it is where it is as wanted',
});
