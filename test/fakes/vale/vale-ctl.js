// Stands in for vale-ctl (the tool of netmap's own repository): its options, words and exit statuses, as the transcripts have them. What
// they do not show is refused, loudly: `emulator: …` on stderr, a line in the emulator's list of faults, and an exit status of 70.
import { attach, detach, Fault, listed, lookUp, memoryOf, Refusal } from './kernel.js';
import { blame, closed, inKernel } from './machine.js';

const USAGE = `Usage:
vale-ctl [arguments]
	-g interface	interface name to get info
	-d interface	interface name to be detached
	-a interface	interface name to be attached
	-h interface	interface name to be attached with the host stack
	-n interface	interface name to be created
	-r interface	interface name to be deleted
	-l vale-port	show bridge and port indices
	-C string ring/slot setting of an interface creating by -n
	-p interface start polling. Additional -C x,y,z configures
		 x: 0 (REG_ALL_NIC) or 1 (REG_ONE_NIC),
		 y: CPU core id for ALL_NIC and core/ring for ONE_NIC
		 z: (ONE_NIC only) num of total cores/rings
	-P interface stop polling
	-m memid to use when creating a new interface
	-v increase verbosity
with no arguments: list all existing vale ports
`;

const VERBS = { a: 'attach', h: 'attach', d: 'detach', l: 'list', g: 'obtain info for' };

const DOES = {
  '': space =>
    listed(space)
      .map(p => `${p.of}:${p.name} bridge_idx ${p.index} port_idx ${p.slot}\n`)
      .join(''),
  a: (space, name, machine, verbose) => slot(attach(space, name, false, machine), verbose),
  h: (space, name, machine, verbose) => slot(attach(space, name, true, machine), verbose),
  d: (space, name, _machine, verbose) => slot(detach(space, name), verbose),
  l: (space, name) => {
    const found = lookUp(space, name);
    return `bridge_idx: ${found.index}\nport_idx:   ${found.slot}\n`;
  },
  g: (space, name) => {
    const { size, id } = memoryOf(space, name);
    return `memsize:    ${size}\ntx_slots:   1024\nrx_slots:   1024\ntx_rings:   1\nrx_rings    1\nmem_id:     ${id}\n`;
  },
};

try {
  process.exitCode = run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  blame(error.message);
  process.exitCode = 70;
}

function run(args) {
  const { action, name, verbose, complaint } = parsed(args);
  if (complaint !== undefined) return failed(`${complaint}${USAGE}`);
  if (action === 'l' && !name.startsWith('val')) return failed(`invalid vale port name: '${name}'\n${USAGE}`);
  const why = closed();
  if (why !== undefined) return failed(`/dev/netmap: ${why}\n`);
  try {
    process.stdout.write(inKernel((space, machine) => DOES[action](space, name, machine, verbose)));
    // Its list ends with 1, whatever there was to list.
    return action === '' ? 1 : 0;
  } catch (error) {
    if (error instanceof Refusal) return failed(`failed to ${VERBS[action]} ${name}: ${error.message}\n`);
    throw error;
  }
}

function slot(number, verbose) {
  return verbose ? `port_index: ${number}\n` : '';
}

function failed(words) {
  process.stderr.write(words);
  return 1;
}

/** Several actions in one call: only the last is done. */
function parsed(args) {
  let [action, name, verbose] = ['', '', false];
  for (let i = 0; i < args.length; i += 1) {
    const [dash, letter, ...rest] = args[i];
    if (dash !== '-' || letter === undefined) return { complaint: '' };
    if (letter === 'v' && rest.length === 0) verbose = true;
    // Ring settings are for the ports that -n makes; an attach takes no notice of them.
    else if (letter === 'C' && 'ah'.includes(action) && i + 1 < args.length) i += 1;
    else if ('nrpPCm'.includes(letter)) throw new Fault(`-${letter} is not emulated: topo has no use for it`);
    else if (!'adhlg'.includes(letter))
      return { complaint: `vale-ctl: invalid option -- '${letter}'\nbad option ? (null)` };
    else if (rest.length > 0) throw new Fault(`nobody has called it as ${args[i]}`);
    else if (i + 1 === args.length)
      return { complaint: `vale-ctl: option requires an argument -- '${letter}'\nbad option ? (null)` };
    else [action, name, i] = [letter, args[i + 1], i + 1];
  }
  return action === '' && verbose ? { complaint: '' } : { action, name, verbose };
}
