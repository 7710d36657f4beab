/** What came of a command line. */
export interface Answer {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `partly`: but for what passed frames or the kernel's log make of it. */
export type Sameness = 'wholly' | 'partly' | 'no';

/** Programs whose words come of frames that pass, or of the kernel's log. */
const MUTE = String.raw`\b(?:ping|tcpdump|nc|iperf3|pkt-gen|nm-bridge|tcptest|dmesg)\b`;
/** Programs that the emulator has something to say of. */
const ASKED = /\b(vale-ctl|ip|tc|cat|ls|lsmod|rmmod|modprobe|echo \d+ >)\b/;

/** How far what was given is what was recorded, where it can be the same twice. */
export function sameness(cmd: string, recorded: Answer, given: Answer): Sameness {
  // Of a process that a signal ended, a shell says so.
  const exit = recorded.exit < 0 ? 128 - recorded.exit : recorded.exit;
  const isMute = new RegExp(MUTE).test(cmd);
  const isEqual = (of: (text: string) => string): boolean =>
    of(recorded.stdout) === of(given.stdout) && of(recorded.stderr) === of(given.stderr);
  const rest = cmd.replaceAll(new RegExp(`(ip netns exec \\S+ )?${MUTE}[^;&]*`, 'g'), '');
  if (isMute && !ASKED.test(rest)) return 'no';
  if (exit === given.exit && isEqual(comparable)) return 'wholly';
  const endsMute = new RegExp(`${MUTE}[^;]*$`).test(cmd);
  return isMute && (exit === given.exit || endsMute) && isEqual(withoutMute) ? 'partly' : 'no';
}

/** Without what can't be the same twice. */
function comparable(text: string): string {
  return (
    text
      // Devices that the recorded machine had, or those that stand for them.
      .replaceAll(/^(eth0|dummy0)\b.*\n/gm, '')
      .replaceAll(/\b[0-9a-f]{2}(:[0-9a-f]{2}){5}\b/g, 'MAC')
      .replaceAll(/@if\d+/g, '@if')
      .replaceAll(/ {2,}/g, ' ')
      .replaceAll(/^\d+: /gm, 'N: ')
      .replaceAll(/qdisc (\w+) \w+: root refcnt \d+/g, 'qdisc $1 N: root')
      // Of details, every kernel has others.
      .replaceAll(/ promiscuity .*$/gm, '')
      .replaceAll(/ addrgenmode .*$/gm, '')
      .replaceAll(/fe80::\S+/g, 'fe80::')
      .replaceAll(/^(\S{10} +\d+ \S+ \S+ +)(\d+, *\d+|\d+) \w+ +\d+ [\d:]+ /gm, '$1')
      .replaceAll(/^total \d+$/gm, 'total')
      .replaceAll(/\nreal\t.*\nuser\t.*\nsys\t.*\n/g, '')
      .replaceAll(/time=\S+ ms|time \d+ms|^rtt .*\n/gm, '')
  );
}

function withoutMute(text: string): string {
  return comparable(
    text
      .replaceAll(/^PING [^]*?packet loss.*\n(rtt .*|pipe .*|)\n?/gm, '')
      .replaceAll(/^(--- .* ---\n)?\d+ packets transmitted.*\n(rtt .*|)\n?/gm, '')
      .replaceAll(/^\[ *\d+\.\d+\].*\n/gm, ''),
  );
}
