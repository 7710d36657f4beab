import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { GONE } from '../../src/core/index.js';
import { configureVpp } from '../../src/tools/userspace.js';
import { tellVpp, vppScripts } from '../../src/tools/vppctl.js';
import { PaperStage } from '../fakes/vpp/paper-stage.js';

/** $1 the answer, $2 the exit status, $3 what it says afterwards, when it is asked whether it is there. */
const STAND_IN =
  'case $* in *"show version") set -- "$3" "$2" ;; esac; printf %s "$1"; [ "$1" = "vpp v25.10" ] || exit "$2"';

/** What people read where a stand-in for vppctl that prints `answer` is told a command. */
function saidOf(line: string, answer: string, exit = 0, alive = exit === 0 ? 'vpp v25.10' : answer): string {
  const vppctl = ['sh', '-c', STAND_IN, 'vppctl', answer, `${exit}`, alive];
  const { stderr, status } = spawnSync('sh', ['-c', vppScripts.vpp, 'vpp', '1', ...vppctl], {
    input: `${line}\n`,
    encoding: 'utf8',
  });
  return `# ${line}\n${stderr}exit ${status}\n`;
}

/** The same where the emulated VPP answers, after what came before. */
async function answered(commands: readonly string[], without: readonly string[] = []): Promise<string> {
  const stage = new PaperStage({ devices: { a: [], b: [] } });
  await stage.restart('a', without);
  let answer = '';
  for (const command of commands) {
    const { output, refused } = await stage.send('a', command);
    expect(refused).toBeUndefined();
    answer = output;
  }
  return saidOf(commands.at(-1)!, answer);
}

test('what VPP refuses is told with its words, and what to do; UPDATE_GOLDEN=1 writes it', async () => {
  const all = [
    await answered(['create host-interface name nope']),
    await answered(['create vxlan tunnel src 10.0.0.1 dst 10.0.0.2 vni 5 instance 5'], ['vxlan']),
    await answered([
      'create memif socket id 5 filename /nonexistent/dir/x.sock',
      'create interface memif id 0 socket-id 5 master',
    ]),
    await answered([
      'create memif socket id 5 filename /run/vpp/x.sock',
      'create interface memif id 0 socket-id 5 slave',
      'create interface memif id 0 socket-id 5 master',
    ]),
    await answered(['create tap id 7 host-if-name eth1']),
    await answered(['create vhost-user socket /nonexistent/dir/y.sock server renumber 5']),
    await answered([
      'create vhost-user socket /run/vpp/y.sock server renumber 5',
      'create vhost-user socket /run/vpp/y.sock server renumber 6',
    ]),
    await answered(['create bridge-domain 10', 'create bridge-domain 10']),
    await answered(['create loopback interface instance 5', 'create loopback interface instance 5']),
    await answered([
      'create loopback interface instance 5',
      'set interface ip address loop5 10.0.0.1/24',
      'create loopback interface instance 6',
      'set interface ip address loop6 10.0.0.2/24',
    ]),
    saidOf('create bridge-domain 10 => bridge-domain 10', ''),
    saidOf('create bridge-domain 10 => bridge-domain 10', '', 1),
    saidOf('create bridge-domain 10 => bridge-domain 10', 'connect: Connection refused\n', 1),
    saidOf('create bridge-domain 10 => bridge-domain 10', 'connect: Permission denied\n', 1),
    saidOf('create bridge-domain 10 => bridge-domain 10', 'bridge-d', 0, ''),
    saidOf('create bridge-domain 10 => bridge-domain 10', '', 124),
    saidOf('create bridge-domain 10 => bridge-domain 10', 'bridge-domain 10\r\n'),
  ];
  const file = new URL('../golden/vpp/refused.txt', import.meta.url);
  const text = all.join('\n');
  if (process.env['UPDATE_GOLDEN']) writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
});

/** The same where a domain is emptied that has loop5 in it. */
function saidEmptying(answer: string, exit = 0): string {
  const members = 'loop5 (up):\n  L2 bridge bd-id 10 idx 1 shg 0 bvi\n';
  const script =
    'case $* in *"show interface addr") [ "$3" = 124 ] || { printf %s "$1"; exit; } ;; esac; printf %s "$2"; exit "$3"';
  const vppctl = ['sh', '-c', script, 'vppctl', members, answer, `${exit}`];
  const { stderr, status } = spawnSync('sh', ['-c', vppScripts['vpp-empty'], 'vpp', '10', '1', ...vppctl], {
    encoding: 'utf8',
  });
  return `${stderr}exit ${status}`;
}

test('a domain that is emptied tells what VPP says, and that it hangs or has ended', () => {
  expect(saidEmptying('')).toBe('exit 0');
  const complaint = "set interface l3: unknown interface `loop5'";
  expect(saidEmptying(complaint)).toBe(`VPP: set interface l3 loop5: ${complaint}\nexit 1`);
  const hangs = "VPP does not answer: 'show interface addr' took longer than 1 s\n";
  expect(saidEmptying('', 124)).toBe(`${hangs}exit ${GONE}`);
  const ended = 'connect: Connection refused';
  const meanwhile = 'VPP has ended meanwhile: what ended it stands in its log';
  expect(saidEmptying(ended, 1)).toBe(`VPP: set interface l3 loop5: ${ended}\n${meanwhile}\nexit ${GONE}`);
});

/** What people read where the VPP of a container answers `show version` with that, and anything else with `answer`. */
function saidInside(title: string, version: string, answer = ''): string {
  const port = { ...({ name: 'eth1', via: 'memif', role: 'slave', socketId: 5, file: 'x.sock' } as const) };
  const ports = [
    { ...port, tag: 'topo:lab:x', mac: '02:00:00:00:00:01', addresses: [], routes: [], mtu: 1500, up: true },
  ];
  const [sh, c, script, ...args] = configureVpp('25.10-release', ports).Cmd;
  const vppctl =
    'vppctl() { case $* in "show version") printf %s "$VERSION" ;; *) printf %s "$ANSWER" ;; esac; }';
  const bare = `timeout() { shift; [ "$VERSION" != hangs ] || return 124; "$@"; }\nsleep() { :; }\n${vppctl}\n${script!}`;
  const env = { ...process.env, VERSION: version, ANSWER: answer };
  const { stderr, status } = spawnSync(sh!, [c!, bare, ...args], { env, encoding: 'utf8' });
  return `# ${title}\n${stderr}exit ${status}\n`;
}

test('what the VPP of a container refuses is told with its words; UPDATE_GOLDEN=1 writes it', () => {
  const all = [
    saidInside('another version than the host has', 'vpp v24.06-release built by root'),
    saidInside('it does not run', 'connect: No such file or directory'),
    saidInside('it hangs', 'hangs'),
    saidInside(
      'no plugin memif',
      'vpp v25.10-release built by root',
      "create: unknown input `memif socket id 5 filename ...'",
    ),
    saidInside('all is well', 'vpp v25.10-release built by root'),
  ];
  const file = new URL('../golden/vpp/inside.txt', import.meta.url);
  const text = all.join('\n');
  if (process.env['UPDATE_GOLDEN']) writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
});

test.each(['$x', 'a\\b', '{a', 'two words', "it's", '"q"', 'a>b', 'tag\n', ''])(
  'VPP is never sent %j, which it would change or swallow',
  word => {
    const told = (): unknown => tellVpp(['vppctl'], [{ words: ['set', 'interface', 'tag', word] }], '');
    expect(told).toThrow(`VPP would not take '${word}' as it is`);
  },
);
