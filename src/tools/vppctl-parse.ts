import type { InsideVpp, VppFacts, VppState } from '../core/index.js';
import { DIED, explainStop } from './vppctl-explain.js';
import { VPP_DIVIDER } from './vppctl-read.js';
import { parseVppDomain, parseVppFib, parseVppTunnels } from './vppctl-domains.js';
import { parseInsideVpp } from './vppctl-inside.js';
import { parseVppInterfaces } from './vppctl-interfaces.js';

/** A VPP and what it has, or why that is not known; and the VPPs of containers. */
export interface VppReading {
  readonly facts: VppFacts;
  readonly state?: VppState;
  readonly inside: Readonly<Record<string, InsideVpp>>;
}

/** Reads what `read_vpp` of the reading script printed; undefined where no VPP was asked. */
export function parseVpp(text: string): VppReading | undefined {
  const answers = answersOf(text);
  const [first] = answers;
  if (!first) return undefined;
  return { ...hostVpp(answers), inside: insideOf(answers) };
}

function hostVpp(answers: readonly Answer[]): Omit<VppReading, 'inside'> {
  const stop = answers.find(a => a.exit !== undefined);
  const begun = identityOf(textOf(answers, 'version'));
  const ended = identityOf(textOf(answers, 'end'));
  if (stop) {
    const why = explainStop({ exit: stop.exit!, words: stop.asked, said: stop.text });
    return { facts: begun === undefined || why.code === 'vpp.hangs' ? why : DIED };
  }
  if (begun === undefined || begun.pid !== ended?.pid || isCut(answers)) return { facts: DIED };
  return { facts: { is: 'running', ...begun }, state: stateOf(answers) };
}

/** The answer to a command; or the exit status of one that gave none, and what was said. */
interface Answer {
  readonly asked: string;
  readonly text: string;
  readonly exit?: number;
}

function answersOf(text: string): readonly Answer[] {
  const pieces = text.replaceAll('\r', '').split(new RegExp(`^${VPP_DIVIDER} (.*)\n`, 'm'));
  return pieces.flatMap((asked, i): readonly Answer[] => {
    if (i % 2 === 0) return [];
    const failed = /^= (\d+) (.*)$/.exec(asked);
    const said = pieces[i + 1]!;
    return [failed ? { asked: failed[2]!, text: said, exit: Number(failed[1]) } : { asked, text: said }];
  });
}

function insideOf(answers: readonly Answer[]): VppReading['inside'] {
  return Object.fromEntries(
    answers.flatMap(({ asked, text }) => {
      const id = /^inside (\S+)$/.exec(asked)?.[1];
      const vpp = id === undefined ? undefined : parseInsideVpp(text, textOf(answers, `memif ${id}`));
      return id !== undefined && vpp ? [[id, vpp] as const] : [];
    }),
  );
}

/** Of every interface there is a tag, or that it has none: one that went away meanwhile takes those behind it along. */
function isCut(answers: readonly Answer[]): boolean {
  const tags = answers.find(a => a.asked === 'tags')?.text;
  if (tags === undefined) return false;
  const told = new Set(tags.match(/^\S+(?=: )/gm));
  const names = textOf(answers, 'show interface addr').matchAll(/^(\S+) \((?:up|dn)\):/gm);
  return [...names].some(([, name = '']) => !told.has(name));
}

function textOf(answers: readonly Answer[], asked: string): string {
  return answers.find(a => a.asked === asked)?.text ?? '';
}

function identityOf(text: string): { readonly version: string; readonly pid: number } | undefined {
  const version = /^Version:\s+(\S+)/m.exec(text)?.[1];
  const pid = /^Current PID:\s+(\d+)/m.exec(text)?.[1];
  return version === undefined || pid === undefined ? undefined : { version, pid: Number(pid) };
}

function stateOf(answers: readonly Answer[]): VppState {
  const details = answers
    .filter(a => a.asked === 'show bridge-domain detail')
    .flatMap(a => parseVppDomain(a.text) ?? []);
  const sockets = answers.find(a => a.asked === 'sockets')?.text;
  const netns = /^net:\[(\d+)\]$/m.exec(sockets ?? '')?.[1];
  const attached = attachedOf(sockets);
  const vhostNet = hasVhostNet(sockets);
  return {
    called: textOf(answers, 'called').split('\n').filter(Boolean),
    plugins: textOf(answers, 'show plugins').match(/\S+_plugin\.so/g) ?? [],
    interfaces: parseVppInterfaces(
      {
        table: textOf(answers, 'show interface'),
        addresses: textOf(answers, 'show interface addr'),
        tags: textOf(answers, 'tags'),
        hardware: answers.filter(a => a.asked === 'show hardware-interfaces').map(a => a.text),
        errors: textOf(answers, 'show errors'),
        memifs: textOf(answers, 'memif host'),
      },
      details,
    ),
    domains: details.map(d => d.domain),
    tunnels: parseVppTunnels(textOf(answers, 'show vxlan tunnel')),
    fib: parseVppFib(textOf(answers, 'show l2fib')),
    ...(netns !== undefined && { netns }),
    ...(attached && { attached }),
    ...(vhostNet !== undefined && { vhostNet }),
  };
}

/** Of its devices `null` is always there: where not even that is seen, nobody can tell. */
function hasVhostNet(text = ''): boolean | undefined {
  const seen: readonly string[] = text.match(/(?<=^dev )\S+$/gm) ?? [];
  return seen.includes('null') ? seen.includes('vhost-net') : undefined;
}

/** `/proc/net/packet` names a device by its index, -1 for one that is gone; the inode is the last column. */
function attachedOf(text: string | undefined): readonly number[] | undefined {
  if (text === undefined) return undefined;
  const lines = text.split('\n').map(line => line.trim().split(/\s+/));
  const own = new Set(lines.flatMap(([word, inode]) => (word === 'fd' ? [inode] : [])));
  return lines.flatMap(words => (words.length === 9 && own.has(words[8]) ? [Number(words[4])] : []));
}
