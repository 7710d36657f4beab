import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { tellVpp, vppScripts } from '../../src/tools/vppctl.js';
import { PaperStage } from '../fakes/vpp/paper-stage.js';

/** What people read where a stand-in for vppctl that prints `answer` is told a command. */
function saidOf(line: string, answer: string, exit = 0): string {
  const vppctl = ['sh', '-c', 'printf %s "$1"; exit "$2"', 'vppctl', answer, `${exit}`];
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
    await answered(['create tap id 7 host-if-name eth1']),
    await answered(['create bridge-domain 10', 'create bridge-domain 10']),
    await answered(['create loopback interface instance 5', 'create loopback interface instance 5']),
    saidOf('create bridge-domain 10 => bridge-domain 10', ''),
    saidOf('create bridge-domain 10 => bridge-domain 10', 'connect: Connection refused\n', 1),
    saidOf('create bridge-domain 10 => bridge-domain 10', 'connect: Permission denied\n', 1),
    saidOf('create bridge-domain 10 => bridge-domain 10', 'bridge-domain 10\r\n'),
  ];
  const file = new URL('../golden/vpp/refused.txt', import.meta.url);
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
