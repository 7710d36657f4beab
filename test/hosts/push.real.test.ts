import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../src/core/index.js';
import { openHost } from '../../src/hosts/index.js';
import {
  runDirectory,
  sandboxesMissing,
  startSandboxes,
  TRANSPORTS,
  type TestSandboxes,
} from '../support/sandboxes.js';

const get = (path: string): { via: 'docker'; method: 'GET'; path: string } => ({
  via: 'docker',
  method: 'GET',
  path,
});

describe.skipIf(sandboxesMissing()).each(TRANSPORTS)(
  'sending an image of the local engine, by %s',
  transport => {
    let sandboxes: TestSandboxes;
    let from: Host;
    /** The second sandbox, for a topo whose local engine is that of the first. */
    let to: Host;

    beforeAll(async () => {
      sandboxes = await startSandboxes(2);
      from = await sandboxes.open(sandboxes.names[0]!);
      const pid = (await readFile(`${runDirectory(sandboxes.names[0]!)}/pid`, 'utf8')).trim();
      const environment = { ...process.env, DOCKER_HOST: `unix:///proc/${pid}/root/run/docker.sock` };
      const target = {
        name: 'to',
        form: { is: 'sandbox' },
        sandbox: sandboxes.names[1]!,
        acceptNewHostKey: false,
        transport,
      } as const;
      to = await openHost(target, { environment, homedir: homedir() });
      await from.stream('busybox', ['my/image:2']);
    });
    afterAll(async () => {
      await to.close();
      await sandboxes[Symbol.asyncDispose]();
    });

    it('brings it over with its name, and again without harm', async () => {
      const said: string[] = [];
      await to.stream('push', ['my/image:2'], { progress: text => said.push(text) });
      await to.stream('push', ['my/image:2']);
      const id = async (host: Host): Promise<unknown> =>
        ((await host.engine(get('/images/my/image:2/json'))).body as { Id?: string }).Id;
      expect(await id(to)).toBe(await id(from));
      expect(await id(to)).toBeDefined();
      expect(said.join()).toContain('Loaded image: my/image:2');
    });

    it('says that the local engine lacks it', async () => {
      await expect(to.stream('push', ['no/image:1'])).rejects.toMatchObject({
        code: 'image.push',
        message: expect.stringMatching(/can't give no\/image:1: .*(not exist|No such image)/) as string,
        hint: expect.stringContaining('docker pull no/image:1') as string,
      });
    });

    it('stops at a signal', async () => {
      await expect(
        to.stream('push', ['my/image:2'], { signal: AbortSignal.abort(new Error('enough')) }),
      ).rejects.toThrow('enough');
      expect(await to.engine(get('/version'))).toMatchObject({ status: 200 });
    });
  },
);
