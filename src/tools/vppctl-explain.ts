import type { VppFacts } from '../core/index.js';

/** A call of vppctl that gave no answer. */
export interface VppStop {
  readonly exit: number;
  readonly words: string;
  readonly said: string;
}

type Trouble = Exclude<VppFacts, { is: 'running' }>;

/** What the shell, timeout, docker and the socket say where there is no VPP, by what they say; the client itself says nothing else. */
const TROUBLES: readonly (readonly [RegExp, Pick<Trouble, 'is' | 'code' | 'why' | 'hint'>])[] = [
  [
    /connect: No such file or directory/,
    {
      is: 'missing',
      code: 'vpp.absent',
      why: 'VPP does not run: its socket is not there',
      hint: 'start it (systemctl start vpp); where its socket is another, say so: vppctl: [vppctl, -s, /path/cli.sock]',
    },
  ],
  [
    /connect: Connection refused/,
    {
      is: 'missing',
      code: 'vpp.absent',
      why: 'VPP has ended: its socket is there, and nobody listens',
      hint: 'start it (systemctl start vpp); what ended it stands in its log',
    },
  ],
  [
    /connect: Permission denied/,
    {
      is: 'silent',
      code: 'vpp.denied',
      why: 'the socket of VPP is not open to whom topo calls vppctl as',
      hint: 'let topo have root there (sudo: true), or give the socket a group: unix { gid GROUP } in startup.conf',
    },
  ],
  [
    /(failed to run command|can't execute).*Permission denied/,
    {
      is: 'missing',
      code: 'vpp.absent',
      why: 'vppctl is there, and can not be executed',
      hint: 'chmod +x it; or say how it is called: vppctl: [docker, exec, vpp, vppctl]',
    },
  ],
  [
    /No such container|is not running|No such service/,
    {
      is: 'missing',
      code: 'vpp.absent',
      why: 'the container of VPP does not run',
      hint: "start it; which one it is stands in the host's vppctl",
    },
  ],
];

const NO_CLIENT: Trouble = {
  is: 'missing',
  code: 'vpp.absent',
  why: 'there is no vppctl',
  hint: 'install VPP there; or say how it is called: vppctl: [docker, exec, vpp, vppctl]',
};

/** Why a call of vppctl gave no answer, by its exit status and what was said. */
export function explainStop({ exit, words, said }: VppStop): Trouble {
  const known = TROUBLES.find(([pattern]) => pattern.test(said));
  if (known) return known[1];
  if (exit === 126 || exit === 127) return NO_CLIENT;
  if (exit === 124 || exit === 137 || exit === 143) return hangs(words);
  return {
    is: 'silent',
    code: 'vpp.unreachable',
    why: `vppctl failed at '${words}' with exit code ${exit}: ${said.trim().split('\n').at(-1) ?? ''}`,
    hint: 'try it on that host: vppctl show version',
  };
}

/** What answered at first and then was another one, or nobody. */
export const DIED: Trouble = {
  is: 'silent',
  code: 'vpp.died',
  why: 'VPP ended, was started again, or lost interfaces, while it was read',
  hint: 'try again; if it ends again, its log says why',
};

function hangs(words: string): Trouble {
  return {
    is: 'silent',
    code: 'vpp.hangs',
    why: `VPP does not answer: '${words}' took longer than 5 s`,
    hint: 'it is stopped or hangs: restart it (systemctl restart vpp); what topo made there comes back with the next up',
  };
}
