import { GONE, TopoError, type Step } from '../core/index.js';

/** How vppctl is called on a host: `vppctl`, `vppctl -s /run/other.sock`, `docker exec vpp vppctl`. */
export type Vppctl = readonly string[];

/** A command of VPP, and the line that it says where it did what it was told; absent: it says nothing then. */
export interface VppCommand {
  readonly words: readonly (string | number)[];
  readonly says?: string;
}

/** Seconds after which a VPP that does not answer counts as hanging. */
const LIMIT = '10';

/** What steps that tell it something need: a host has one. */
const VPP = 'VPP';

/** Sends `$command`: `code` and `said` are what came of it. Of a VPP that gives no answer to anything, `gone` says so and ends the script. */
const ASK = `ask() {
  said=$(timeout "$limit" "$@" $command </dev/null 2>&1)
  code=$?
  said=$(printf '%s' "$said" | tr -d '\\r')
}
gone() {
  case $code/$said in
  124/* | 137/* | 143/*) echo "VPP does not answer: '$command' took longer than $limit s" >&2 ;;
  *'connect: Permission denied'*) ;;
  *) echo 'VPP has ended meanwhile: what ended it stands in its log' >&2 ;;
  esac
  exit ${GONE}
}`;

/** Scripts by which VPP is told something; those that find it gone end as a step's that needs it. */
export const vppScripts = {
  // $1 seconds for a command, the rest: how vppctl is called. On stdin a line a command, ` => ` before what it says when all is well. The exit
  // status of vppctl tells of its socket alone: whatever else is said is what went wrong, even where the half of it was done. That VPP ended in
  // the middle of an answer only shows by the next one.
  vpp: `limit=$1; shift; set -f
${ASK}
while IFS= read -r line; do
  command=\${line%% => *} want=
  [ "$line" = "$command" ] || want=\${line#* => }
  ask "$@"
  [ "$code/$said" != "0/$want" ] || continue
  case $code in
  0) echo "VPP: $command: \${said:-no answer, where '$want' was due}" >&2 ;;
  124 | 137 | 143) gone ;;
  *) echo "VPP: $command: \${said:-no answer}" >&2 ;;
  esac
  case $said in
  *'Invalid interface name'*) echo 'VPP sees no such network device: is it in a network namespace of its own?' >&2 ;;
  *': bind '*'No such file'* | *'vhost_user_create_if returned -12'*) echo 'the directory of the socket is not there for VPP: where it runs in a container, mount it there too' >&2 ;;
  *'/dev/vhost-net'*) echo 'a tap of VPP needs the kernel module vhost_net: modprobe vhost_net' >&2 ;;
  *'unknown input'*) echo 'VPP does not know the command: is the plugin loaded? (vppctl show plugins; startup.conf)' >&2 ;;
  *'both master and slave'*) echo 'a memif with the other role is on that socket, which topo did not make: vppctl show memif' >&2 ;;
  *'conflicts with'*) echo 'another interface of VPP has an address in that subnet: vppctl show interface addr' >&2 ;;
  *'Instance is in use' | *'already exists'* | *'failed'* | *'returned -119'* | *'returned -79'*) echo 'something that topo did not make may be in its place: vppctl show interface, show bridge-domain' >&2 ;;
  esac
  command='show version'
  ask "$@"
  case $code/$said in '0/vpp v'*) exit 1 ;; esac
  gone
done`,
  // $1 id of a domain, $2 seconds for a command, the rest: how vppctl is called. Tables cut the names of members; this one does not.
  'vpp-empty': `id=$1 limit=$2; shift 2; set -f
${ASK}
tell() {
  ask "$@"
  case $code in
  0) return ;;
  124 | 137 | 143) ;;
  *) echo "VPP: $command: $said" >&2 ;;
  esac
  gone
}
command='show interface addr'
tell "$@"
names=$(printf '%s\\n' "$said" |
  awk -v id="$id" '/^[^ ]/ { name = NF == 2 ? $1 : "" } $1 == "L2" && $2 == "bridge" && $4 == id { print name }')
for name in $names; do
  command="set interface l3 $name"
  tell "$@"
  [ -z "$said" ] || { echo "VPP: $command: $said" >&2; exit 1; }
done`,
} as const;

/** Tells VPP some things in one step, one after the other; the first that goes wrong ends it. */
export function tellVpp(vppctl: Vppctl, commands: readonly VppCommand[], label: string): Step {
  const lines = commands.map(lineOf).map(line => `${line}\n`);
  const args = [LIMIT, ...vppctl];
  return { via: 'script', name: 'vpp', args, stdin: lines.join(''), mutates: true, label, needs: VPP };
}

/** Takes all ports out of a domain, whatever they are by then. */
export function emptyDomain(vppctl: Vppctl, id: number): Step {
  const args = [`${id}`, LIMIT, ...vppctl];
  const label = `empty bridge domain ${id}`;
  return { via: 'script', name: 'vpp-empty', args, mutates: true, label, needs: VPP };
}

function lineOf({ words, says }: VppCommand): string {
  const text = spelled(words);
  return says === undefined ? text : `${text} => ${says}`;
}

/** A command as VPP takes it. Throws `vpp.word`, a fault of topo's, where VPP would make something else of a word. */
export function spelled(words: VppCommand['words']): string {
  return words.map(plain).join(' ');
}

/** Whether VPP takes a word as it is; an interface of another name can't be named to it at all (seen). */
export function isVppWord(text: string): boolean {
  return /^[A-Za-z0-9._:/@=,#;|%+-]+$/.test(text);
}

/** VPP expands `$`, swallows `\`, and knows braces but no quotes: the rest is stored as it comes (seen). */
function plain(word: string | number): string {
  const text = String(word);
  if (isVppWord(text)) return text;
  throw new TopoError(`VPP would not take '${text}' as it is`, { code: 'vpp.word', who: 'topo' });
}

/** Makes a bridge domain with its tag, which can't be set later. Asked for twice it fails, and changes nothing. */
export function createDomain(id: number, flags: DomainFlags, tag: string): VppCommand {
  const { learn, arpTerm } = flags;
  const words = ['create', 'bridge-domain', id, 'learn', bit(learn), 'arp-term', bit(arpTerm), 'bd-tag', tag];
  return { words, says: `bridge-domain ${id}` };
}

/** What of a domain can be chosen; it forwards and floods always, and forgets nothing. */
export interface DomainFlags {
  readonly learn: boolean;
  readonly arpTerm: boolean;
}

/** Sets what is not as wanted of a domain that is there. */
export function setDomain(
  id: number,
  flag: 'learn' | 'forward' | 'flood' | 'uu-flood' | 'arp term',
  on: boolean,
): VppCommand {
  return { words: ['set', 'bridge-domain', ...flag.split(' '), id, ...(on ? [] : ['disable'])] };
}

/** Lets learned addresses stay. */
export function keepAddresses(id: number): VppCommand {
  return { words: ['set', 'bridge-domain', 'mac-age', id, 0] };
}

/** A domain goes only without members. */
export function deleteDomain(id: number): VppCommand {
  return { words: ['create', 'bridge-domain', id, 'del'] };
}

/** An address that a domain answers ARP for. Each goes by itself: what is there is overwritten. */
export function setDomainArp(id: number, address: string, mac: string): VppCommand {
  return { words: ['set', 'bridge-domain', 'arp', 'entry', id, address, mac] };
}

/** Not to be asked for twice. */
export function deleteDomainArp(id: number, address: string, mac: string): VppCommand {
  return { words: [...setDomainArp(id, address, mac).words, 'del'] };
}

/** Makes a static entry of the L2 FIB, or changes where it leads. */
export function setFibEntry(id: number, mac: string, name: string): VppCommand {
  return { words: ['l2fib', 'add', mac, id, name, 'static'] };
}

/** Not to be asked for twice. */
export function deleteFibEntry(id: number, mac: string): VppCommand {
  return { words: ['l2fib', 'del', mac, id] };
}

function bit(on: boolean): number {
  return on ? 1 : 0;
}
