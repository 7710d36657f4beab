// Stands in for vale-ctl (the tool of netmap's own repository): its options, words and exit statuses, as the transcripts have them. What
// they do not show is refused, loudly: `emulator: …` on stderr, a line in the emulator's list of faults, and an exit status of 70.
import { attach, detach, Fault, listed, lookUp, memoryOf, poll, Refusal, stopPolling } from './kernel.js';
import { blame, closed, inKernel, makeDevice, removeDevice } from './machine.js';
import { checkName, memory, removable, ringsOf } from './persistent.js';

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

const VERBS = {
  a: 'attach',
  h: 'attach',
  d: 'detach',
  l: 'list',
  g: 'obtain info for',
  n: 'create',
  r: 'remove',
  p: 'enable polling on',
  P: 'disable polling on',
};

/** `{ verbose, config, id }` is what the options say beside the action. */
const DOES = {
  '': space =>
    listed(space)
      .map(p => `${p.isBare ? '' : `${p.of}:`}${p.name} bridge_idx ${p.index} port_idx ${p.slot}\n`)
      .join(''),
  a: (space, name, machine, options) => slot(attach(space, name, false, machine), options),
  h: (space, name, machine, options) => slot(attach(space, name, true, machine), options),
  d: (space, name, _machine, options) => slot(detach(space, name), options),
  l: (space, name) => {
    const found = lookUp(space, name);
    return `bridge_idx: ${found.index}\nport_idx:   ${found.slot}\n`;
  },
  g: (space, name, machine) => {
    const { size, slots, rings, id } = memoryOf(space, name, machine);
    if (size === undefined) throw new Fault(`nobody has seen what -g says of ${name}`);
    return `memsize:    ${size}\n${told('rx_rings ', slots, rings, id)}`;
  },
  n: create,
  r: (space, name, machine) => {
    const isAttached = device => listed(space).some(p => p.device === device.index);
    removeDevice(removable(name, machine.devices, isAttached), machine);
    return '';
  },
  p: (space, name, _machine, { config }) => {
    poll(space, name, numbersOf(config));
    return '';
  },
  P: (space, name, _machine, { config }) => {
    numbersOf(config);
    stopPolling(space, name);
    return '';
  },
};

function create(_space, name, machine, { verbose, config, id }) {
  checkName(name, machine.devices);
  const rings = ringsOf(config);
  if (rings.ignored.length > 0) process.stderr.write(`ignored config: ${rings.ignored.join(',')}`);
  const made = memory(rings, Number(id ?? machine.free));
  makeDevice(name, machine, made);
  return verbose ? told('rx_ring: ', made.slots, made.rings, made.id) : '';
}

function told(last, [tx, rx] = [1024, 1024], [txRings, rxRings] = [1, 1], id) {
  return `tx_slots:   ${tx}\nrx_slots:   ${rx}\ntx_rings:   ${txRings}\n${last}   ${rxRings}\nmem_id:     ${id}\n`;
}

/** What -C says of polling; complaints of it keep nothing from being done. */
function numbersOf(config) {
  if (config === undefined) process.stderr.write('invalid null/empty config\n');
  const numbers = (config ?? '').split(',').map(Number);
  if (numbers.length <= (numbers[0] === 1 ? 3 : 2)) return numbers;
  process.stderr.write(`too many numbers in '${config}'\n`);
  return [];
}

try {
  process.exitCode = run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  blame(error.message);
  process.exitCode = 70;
}

function run(args) {
  const { action, name, complaint, ...options } = parsed(args);
  if (complaint !== undefined) return failed(`${complaint}${USAGE}`);
  if (action === 'l' && !name.startsWith('val')) return failed(`invalid vale port name: '${name}'\n${USAGE}`);
  if (options.id !== undefined && !/^\d+$/.test(options.id))
    return failed(`${options.id}: invalid request, prefix unknown or missing\n`);
  const why = closed();
  if (why !== undefined) return failed(`/dev/netmap: ${why}\n`);
  try {
    process.stdout.write(inKernel((space, machine) => DOES[action](space, name, machine, options)));
    // Its list ends with 1, whatever there was to list.
    return action === '' ? 1 : 0;
  } catch (error) {
    if (error instanceof Refusal) return failed(`failed to ${VERBS[action]} ${name}: ${error.message}\n`);
    throw error;
  }
}

function slot(number, { verbose }) {
  return verbose ? `port_index: ${number}\n` : '';
}

function failed(words) {
  process.stderr.write(words);
  return 1;
}

/** Several actions in one call: only the last is done. */
function parsed(args) {
  let [action, name] = ['', ''];
  const options = { verbose: false };
  for (let i = 0; i < args.length; i += 1) {
    const [dash, letter, ...rest] = args[i];
    if (dash !== '-' || letter === undefined) return { complaint: '' };
    if (letter === 'v' && rest.length === 0) {
      options.verbose = true;
      continue;
    }
    if (!'adhlgnrpPCm'.includes(letter))
      return { complaint: `vale-ctl: invalid option -- '${letter}'\nbad option ? (null)` };
    if (rest.length > 0) throw new Fault(`nobody has called it as ${args[i]}`);
    if (i + 1 === args.length)
      return { complaint: `vale-ctl: option requires an argument -- '${letter}'\nbad option ? (null)` };
    i += 1;
    if (letter === 'C') options.config = args[i];
    else if (letter === 'm') options.id = args[i];
    else [action, name] = [letter, args[i]];
  }
  return action === '' && options.verbose ? { complaint: '' } : { action, name, ...options };
}
