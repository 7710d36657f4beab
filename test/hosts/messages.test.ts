import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { followMessages } from '../../src/hosts/messages.js';

const follow = async (
  ...lines: readonly unknown[]
): Promise<{ error: string | undefined; said: string[] }> => {
  const said: string[] = [];
  const text = lines.map(line => `${typeof line === 'string' ? line : JSON.stringify(line)}\r\n`).join('');
  return { error: await followMessages(Readable.from([text]), word => said.push(word)), said };
};

it('tells how far all layers are together', async () => {
  const { error, said } = await follow(
    { status: 'Pulling from library/nginx', id: 'alpine' },
    { status: 'Downloading', id: 'a', progressDetail: { current: 1_000_000, total: 4_000_000 } },
    { status: 'Downloading', id: 'b', progressDetail: { current: 500_000, total: 1_000_000 } },
    { stream: 'Loaded image: topo/busybox:latest\n' },
  );
  expect(error).toBeUndefined();
  expect(said).toContain('downloading, 1.5 of 5.0 MB');
});

it('tells the steps of BuildKit, and what they write', async () => {
  // As engine 20.10 sent it: two vertexes, the name of one of them internal, and a log.
  const field = (number: number, ...bytes: readonly Buffer[]): Buffer => {
    const content = Buffer.concat(bytes);
    return Buffer.concat([Buffer.from([number * 8 + 2, content.length]), content]);
  };
  const text = (number: number, value: string): Buffer => field(number, Buffer.from(value));
  const trace = Buffer.concat([
    field(1, text(1, 'sha256:a'), text(3, '[internal] load remote build context')),
    field(1, text(1, 'sha256:b'), text(3, '[2/3] RUN make')),
    field(3, text(1, 'sha256:b'), Buffer.from([3 * 8, 1]), text(4, 'made\n')),
  ]);
  const aux = trace.toString('base64');
  const { said } = await follow(
    { id: 'moby.buildkit.trace', aux },
    { id: 'moby.buildkit.trace', aux: 'AAAA/w==' },
  );
  expect(said).toEqual(['[2/3] RUN make', 'made']);
});

it('gives the first failure, wherever it stands, and passes over what is no JSON', async () => {
  const { error } = await follow(
    'garbage',
    { status: 'Pulling' },
    { errorDetail: {}, error: 'no space left' },
    { error: 'later' },
  );
  expect(error).toBe('no space left');
});
