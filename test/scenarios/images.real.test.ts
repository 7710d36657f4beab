import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applied, inside, planned, topo, workspace } from '../support/cli.js';
import { ownName } from '../support/own-name.js';
import { startRegistry, writeLogins, type TestRegistry } from '../support/registry.js';

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
let registry: TestRegistry | undefined;

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
  await registry?.stop();
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

test('a build that fails says at what, and what it wrote; the container that runs is left alone', async () => {
  const mount = '--mount=type=cache,target=/x';
  await write(
    'app/Dockerfile',
    `${DOCKERFILE}RUN ${mount} ["/bin/busybox", "sh", "-c", "echo $((6 * 7)); false"]\n`,
  );
  const failed = await topo(['up', '--yes', '--target', 's/app'], space);
  expect(failed.code).not.toBe(0);
  expect(failed.stdout).toMatch(/could not build .*-s-app:latest: .*exit code: 1/);
  expect(failed.stdout).toMatch(/^ *\| 42$/m);
  expect(await within('cat', '/word')).toBe('built with s3cret\n');
  await write(
    'app/Dockerfile',
    `${DOCKERFILE}RUN ${mount} ["/bin/busybox", "sh", "-c", "echo cached >/word"]\n`,
  );
  expect((await applied(space)).remaining).toEqual([]);
  expect(await within('cat', '/word')).toBe('cached\n');
});

const PRIVATE = `name: ${NAME}
hosts: { lab: sandbox }
x-as: &as { network_mode: none, stop_grace_period: 0s }
stacks:
  r:
    host: lab
    services:
      basic: { <<: *as, image: '127.0.0.1:5000/my/app', pull_policy: always }
      token: { <<: *as, image: '127.0.0.2:5000/my/app:1', pull_policy: daily }
      identity: { <<: *as, image: '127.0.0.4:5000/my/app:1', pull_policy: every_1ms }
      helper: { <<: *as, image: '127.0.0.3:5000/my/app:1' }
      public: { <<: *as, image: '127.0.0.6:5000/open/app:1' }
      built: { <<: *as, build: { dockerfile_inline: "FROM 127.0.0.1:5000/my/base:1\\n" } }
`;
const ALICE = Buffer.from('alice:s3cret').toString('base64');
const LOGINS = {
  auths: {
    '127.0.0.1:5000': { auth: ALICE },
    '127.0.0.2:5000': { auth: ALICE },
    '127.0.0.4:5000': { identitytoken: 'alices-identity' },
    '127.0.0.10:5000': { auth: Buffer.from('bob:wrong').toString('base64') },
  },
  credHelpers: { '127.0.0.3:5000': 'test', '127.0.0.8:5000': 'nowhere' },
};

test("private images come with the logins of this machine's Docker config, which are seen nowhere", async () => {
  registry = await startRegistry(LAB);
  await write('topo.yaml', PRIVATE);
  const { env } = await writeLogins(join(space.cwd, 'docker'), LOGINS);
  const own = { ...space, env };
  const script = await topo(['plan', '--script'], own);
  expect(script).toMatchObject({ code: 0 });
  const up = await topo(['up', '--yes', '--json'], own);
  expect(up, up.stdout + up.stderr).toMatchObject({ code: 0 });
  const kept = await inside(LAB, 'grep', '-rlE', `s3cret|${ALICE}|alices-identity`, '/var/lib/topo');
  expect(kept).toMatchObject({ code: 1, stdout: '' });
  expect([script, up].map(said => said.stdout + said.stderr).join('')).not.toMatch(
    new RegExp(`s3cret|${ALICE}|alices-identity`),
  );
  const asked = new Set((await registry.log()).map(line => line.replace(/^(GET|HEAD) /, '')));
  expect([...asked].sort()).toEqual(['my/app alice', 'my/app alices', 'my/base alice', 'open/app anybodys']);
  expect(await planned(own)).toEqual([]);
});

test('pull_policy: the plan knows what the registry has, and fetches nothing; up takes it, with its containers', async () => {
  const { env } = await writeLogins(join(space.cwd, 'docker'), LOGINS);
  const own = { ...space, env };
  await registry!.become('two');
  const expected = [
    'replace container r/basic: image 127.0.0.1:5000/my/app:latest is replaced: it is made of the image',
    'replace container r/identity: image 127.0.0.4:5000/my/app:1 is replaced: it is made of the image',
    'replace image 127.0.0.1:5000/my/app:latest: what it follows changed: in the registry',
    'replace image 127.0.0.4:5000/my/app:1: what it follows changed: in the registry',
  ];
  const said = (actions: Awaited<ReturnType<typeof planned>>): readonly string[] =>
    actions.map(a => `${a.verb} ${a.kind} ${a.name}: ${a.cause}`).sort();
  expect(said(await planned(own))).toEqual(expected);
  const versionOf = async (service: string): Promise<string> =>
    docker('exec', `${NAME}-r-${service}-1`, '/bin/busybox', 'cat', '/version');
  expect(await versionOf('basic')).toBe('one');
  const { planned: done, remaining } = await applied(own);
  expect(said(done)).toEqual(expected);
  expect(remaining).toEqual([]);
  expect(await versionOf('basic')).toBe('two');
  expect(await versionOf('token')).toBe('one');
});

test('a registry that lets nobody in, and one that is not there, are told with what to do', async () => {
  await write(
    'topo.yaml',
    PRIVATE.replace(/^ {6}(?!basic).*\n/gm, '') +
      `
      none: { <<: *as, image: '127.0.0.12:5000/my/app:2' }
      wrong: { <<: *as, image: '127.0.0.10:5000/my/app:2' }
      gone: { <<: *as, image: '127.0.0.8:5000/my/app:2' }
`,
  );
  const { env } = await writeLogins(join(space.cwd, 'docker'), LOGINS);
  const own = { ...space, env };
  const failed = await topo(['up', '--yes'], own);
  expect(failed.code).toBe(4);
  expect(failed.stdout).toMatch(/docker login 127\.0\.0\.12:5000, or check the name/);
  expect(failed.stdout).toMatch(/127\.0\.0\.10:5000 does not take the login/);
  expect(failed.stdout).toMatch(/docker-credential-nowhere is not installed/);
  await registry!.stop();
  const plan = await topo(['plan'], own);
  expect(plan.code).toBe(1);
  expect(plan.stderr).toMatch(/lab: .*could not ask 127\.0\.0\.1:5000 for 127\.0\.0\.1:5000\/my\/app/);
});
