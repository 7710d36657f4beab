import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applied, inside, planned, topo, workspace } from '../support/cli.js';
import { ownName } from '../support/own-name.js';

const NAME = ownName('images');
const LAB = `${NAME}-lab`;
const DOCKERFILE = `FROM scratch
ARG WORD=none
COPY busybox /bin/busybox
COPY . /context
RUN ["/bin/busybox", "sh", "-c", "echo built with $WORD >/word"]
CMD ["/bin/busybox", "sleep", "9999"]
`;
const TOPOLOGY = `name: ${NAME}
hosts: { lab: sandbox }
stacks:
  s:
    host: lab
    services:
      app: { build: { context: ./app, args: { WORD: s3cret } }, stop_grace_period: 0s, network_mode: none }
      inline:
        image: my/inline:1
        build: { context: ./app, dockerfile_inline: "FROM scratch\\nCOPY busybox /bin/busybox\\n", labels: [a=b], tags: ['my/inline:2'] }
        command: [/bin/busybox, sleep, '9999']
        stop_grace_period: 0s
        network_mode: none
`;
let space: Awaited<ReturnType<typeof workspace>>;

beforeAll(async () => {
  space = await workspace();
  await mkdir(join(space.cwd, 'app/sub'), { recursive: true });
  await copyFile('/bin/busybox', join(space.cwd, 'app/busybox'));
  await write('topo.yaml', TOPOLOGY);
  await write('app/Dockerfile', DOCKERFILE);
  await write('app/.dockerignore', '**/private\nbusy*\n!busybox\n');
  await write('app/sub/private', 'not sent');
  await write('app/sub/public', 'one');
});

afterAll(async () => {
  await topo(['down', '-v'], space);
  await space[Symbol.asyncDispose]();
});

function write(path: string, text: string): Promise<void> {
  return writeFile(join(space.cwd, path), text);
}

async function docker(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await inside(LAB, 'docker', ...words);
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

function within(...argv: readonly string[]): Promise<string> {
  return docker('exec', `${NAME}-s-app-1`, '/bin/busybox', ...argv);
}

test("images are built on the stack's engine from a context of this machine", async () => {
  expect((await applied(space)).remaining).toEqual([]);
  expect(await within('ls', '/context', '/context/sub')).toBe(
    '/context:\nDockerfile\nbusybox\nsub\n\n/context/sub:\npublic\n',
  );
  expect(await within('cat', '/word')).toBe('built with s3cret\n');
  expect(await docker('image', 'inspect', 'my/inline:2', '--format', '{{index .Config.Labels "a"}}')).toBe(
    'b\n',
  );
});

test('they are built anew where the context is another one, and their containers with them', async () => {
  await write('app/sub/private', 'changed, and still not sent');
  expect(await planned(space)).toEqual([]);
  await write('app/sub/public', 'two');
  const plan = await topo(['plan', '--json'], space);
  expect(plan.stdout).not.toContain('s3cret');
  const { planned: done, remaining } = await applied(space);
  expect(done.map(a => `${a.verb} ${a.kind} ${a.name}`).sort()).toEqual([
    'replace container s/app',
    'replace container s/inline',
    'replace image my/inline:1',
    `replace image ${NAME}-s-app:latest`,
  ]);
  expect(remaining).toEqual([]);
  expect(await within('cat', '/context/sub/public')).toBe('two');
});

test('a build that fails says at what, and what to do; the container that runs is left alone', async () => {
  await write('app/Dockerfile', `${DOCKERFILE}RUN --mount=type=cache,target=/x ["/bin/busybox", "true"]\n`);
  const failed = await topo(['up', '--yes', '--target', 's/app'], space);
  expect(failed.code).not.toBe(0);
  expect(failed.stdout + failed.stderr).toMatch(/could not build .*-s-app:latest: .*BuildKit/);
  expect(failed.stdout + failed.stderr).toMatch(/build the image beforehand/);
  expect(await within('cat', '/word')).toBe('built with s3cret\n');
});
