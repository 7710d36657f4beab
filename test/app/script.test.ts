import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { quoteArgv, type Step } from '../../src/core/index.js';
import { renderPlanScript } from '../../src/render/plan-script.js';
import { scripts } from '../../src/tools/index.js';
import { decided, freshWorld, resolved } from '../fakes/scene.js';

const text = readFileSync(new URL('../../topologies/quickstart.yaml', import.meta.url), 'utf8');
const topology = resolved(text);
const plan = decided(topology, freshWorld(topology)).plan!;
const script = renderPlanScript(plan, { scripts });

/** What a branch of the script does for a host, without comments, here-documents' contents and empty lines. */
function commandsFor(host: string): readonly string[] {
  const name = host === '@operator' ? 'this-machine' : host;
  const branch = script.split(`\n${name})\n`)[1]!.split('\n;;\n')[0]!;
  const bare = branch.replaceAll(/<<'?(EOF_*)'?\n[^]*?\n\1(?=\n|$)/g, '<<');
  return bare.split('\n').filter(line => line !== '' && !line.startsWith('#') && !line.startsWith(': "${'));
}

/** How a step begins as a command of the script; making an image takes several lines. */
function commandOf(step: Step): string {
  switch (step.via) {
    case 'exec':
      return quoteArgv(step.argv);
    case 'script':
      return `script ${quoteArgv([step.name, ...step.args.map(String)])}`;
    case 'docker':
      return `engine ${quoteArgv([step.method, step.path])}`;
    case 'file':
      return `install -D -m`;
    case 'build':
      return 'engine GET';
    case 'copy':
      return 'root=$(mktemp -d) && chmod';
    case 'stream':
      return 'root=$(mktemp -d)';
  }
}

/** The lines that belong to the making of an image. */
const OF_STREAM = /^(for applet|tar -C|rm -r "\$root")/;

test('the script of the quick start is what a shell reads', () => {
  execFileSync('sh', ['-n'], { input: script });
});

test('it holds exactly the commands of the plan, host by host and in its order', () => {
  for (const host of new Set(plan.actions.map(a => a.host))) {
    const steps = plan.actions.filter(a => a.host === host).flatMap(a => a.steps);
    const commands = commandsFor(host).filter(line => !OF_STREAM.test(line));
    expect(commands).toHaveLength(steps.length);
    commands.forEach((command, i) => expect(command.startsWith(commandOf(steps[i]!))).toBe(true));
  }
});

test('every action stands there with its reason', () => {
  const titles = plan.actions.map(a => `# #${a.id} ${a.verb} ${a.noun} ${a.name}: ${a.cause}`);
  for (const title of titles) expect(script).toContain(`\n${title}`);
  expect(script.match(/^# #\d+ /gm)).toHaveLength(titles.length);
});

test('what is long and always the same is in it once', () => {
  for (const name of ['sandbox', 'link-add', 'iptables-own'])
    expect(script.split(`\nscript_${name.replaceAll('-', '_')}=`)).toHaveLength(2);
});

test('a constant script gets its arguments as they are', () => {
  const echo = renderPlanScript(plan, {
    scripts: Object.fromEntries(Object.keys(scripts).map(name => [name, 'printf "%s|" "$0" "$@"; echo'])),
  });
  const said = execFileSync('sh', ['-s', 'this-machine'], { input: echo }).toString();
  const expected = plan.actions.filter(a => a.host === '@operator').flatMap(a => a.steps);
  const args = expected.map(s => (s.via === 'script' ? [s.name, ...s.args, ''].join('|') : ''));
  expect(said.trimEnd().split('\n')).toEqual(args);
});

test('a script that was cut off on its way does nothing', () => {
  const half = script.slice(0, script.lastIndexOf('\nsteps "$@"'));
  const marked = half.replace('\nthis-machine)\n', '\nthis-machine)\necho ran\n');
  expect(execFileSync('sh', ['-s', 'this-machine'], { input: marked }).toString()).toBe('');
});

test('a name that is no host of it is told which there are', () => {
  const wrong = (): unknown => execFileSync('sh', ['-s', 'nowhere'], { input: script, stdio: 'pipe' });
  expect(wrong).toThrow('usage: sh plan.sh this-machine | lab1 | lab2 | lab3');
});
