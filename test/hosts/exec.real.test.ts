import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../src/core/index.js';
import { openOperator, sandboxesMissing, startSandboxes, type TestSandboxes } from '../support/sandboxes.js';

describe.skipIf(sandboxesMissing()).each(['local', 'ssh2', 'openssh'] as const)(
  'commands on a host, %s',
  form => {
    let sandboxes: TestSandboxes;
    let host: Host;

    beforeAll(async () => {
      sandboxes = await startSandboxes(form === 'local' ? 0 : 1);
      host = form === 'local' ? await openOperator() : await sandboxes.open(sandboxes.names[0]!, form);
    });
    afterAll(async () => {
      await host.close();
      await sandboxes[Symbol.asyncDispose]();
    });

    it('gives exit code, stdout and stderr', async () => {
      const result = await host.exec(['sh', '-c', 'echo out; echo err >&2; exit 3']);
      expect(result).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\n' });
    });

    it('tells a program that is missing, and one that a signal ended', async () => {
      expect((await host.exec(['no-such-program'])).code).toBe(127);
      expect(await host.exec(['sh', '-c', 'kill -TERM $$'])).toEqual({ code: 143, stdout: '', stderr: '' });
      expect((await host.exec(['sh', '-c', 'exit 255'])).code).toBe(255);
    });

    it('hands over every word as it is', async () => {
      const words = [
        '',
        ' ',
        "it's",
        '"$HOME"',
        '`id`',
        '$(id)',
        'a\nb',
        '\\',
        '!!',
        '*',
        '~',
        'ä€',
        '-n',
        '\t',
      ];
      const { stdout } = await host.exec(['printf', '%s\\0', ...words]);
      expect(stdout.split('\0').slice(0, -1)).toEqual(words);
    });

    it('pipes in and out twenty megabytes without losing one', async () => {
      const stdin = 'x'.repeat(79).concat('\n').repeat(262_144);
      const { code, stdout } = await host.exec(['cat'], { stdin });
      expect([code, stdout.length, stdout === stdin]).toEqual([0, stdin.length, true]);
    });

    it('does not mind a command that reads nothing of its input', async () => {
      expect(await host.exec(['true'], { stdin: 'y'.repeat(1_000_000) })).toMatchObject({ code: 0 });
    });

    it('runs two hundred commands that were asked for at once', async () => {
      const results = await Promise.all(
        Array.from({ length: 200 }, (_, i) =>
          host.exec(['sh', '-c', 'echo "$1"; exit $(($1 % 7))', 'sh', String(i)]),
        ),
      );
      expect(results.map(r => `${r.code} ${r.stdout}`)).toEqual(results.map((_, i) => `${i % 7} ${i}\n`));
    });

    it('counts every command', async () => {
      const before = host.trips.exec;
      await Promise.all([host.exec(['true']), host.exec(['false'])]);
      expect(host.trips.exec - before).toBe(2);
    });

    it('gives up a command that takes too long, and ends it', async () => {
      const began = Date.now();
      await expect(host.exec(['sleep', '61.7'], { timeoutMs: 300 })).rejects.toMatchObject({
        code: 'host.timeout',
        who: 'host',
      });
      expect(Date.now() - began).toBeLessThan(3_000);
      await expect.poll(async () => (await host.exec(['pgrep', '-fx', 'sleep 61.7'])).code).toBe(1);
    });

    it('gives up a command that says too much', async () => {
      const endless = host.exec(['sh', '-c', 'while :; do printf "%01000000d" 0; done']);
      await expect(endless).rejects.toMatchObject({ code: 'host.output' });
    });

    it('stops at a signal, with its reason', async () => {
      const reason = new Error('the user has left');
      const stop = new AbortController();
      setTimeout(() => stop.abort(reason), 100);
      await expect(host.exec(['sleep', '30'], { signal: stop.signal })).rejects.toBe(reason);
      await expect(host.exec(['true'], { signal: stop.signal })).rejects.toBe(reason);
    });

    it('leaves a command running, talks to it, and ends it', async () => {
      const channel = await host.start([
        'sh',
        '-c',
        'while read -r line; do echo "got $line"; done; echo bye',
      ]);
      const said: string[] = [];
      channel.stdout.on('data', (chunk: Buffer) => said.push(chunk.toString()));
      channel.write('one\n');
      await expect.poll(() => said.join('')).toBe('got one\n');
      await channel.close();
      expect(await channel.exited).toBe(0);
      expect(said.join('')).toBe('got one\nbye\n');
    });

    it('ends a command that does not end with its input', async () => {
      const channel = await host.start(['sleep', '62.3']);
      await channel.close();
      expect(await channel.exited).not.toBe(0);
      expect((await host.exec(['pgrep', '-fx', 'sleep 62.3'])).code).toBe(1);
    });
  },
);
