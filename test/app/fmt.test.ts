import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fmt, load } from '../../src/app/index.js';
import type { Context, FmtOptions, Formatted } from '../../src/app/index.js';
import { canonicalJson } from '../../src/core/index.js';

const GOLDEN = new URL('../golden/pin/', import.meta.url).pathname;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'topo-fmt-'));
});
afterEach(() => rm(directory, { recursive: true }));

const at = (name: string): string => join(directory, name);
const put = (name: string, text: string): Promise<void> => writeFile(at(name), text);
const get = (name: string): Promise<string> => readFile(at(name), 'utf8');

function context(overrides: readonly string[] = []): Context {
  const nobody = (): never => {
    throw new Error('no host may be asked');
  };
  return {
    file: at('topo.yaml'),
    overrides: overrides.map(at),
    environment: { LAN: 'lan' },
    homedir: directory,
    emit: nobody,
    signal: new AbortController().signal,
    now: nobody,
    random: nobody,
  };
}

async function run(options: FmtOptions, overrides?: readonly string[]): Promise<Formatted> {
  const done = await fmt(context(overrides), options);
  return { ...done, files: done.files.map(path => path.replace(`${directory}/`, '')) };
}

/** Everything that the files decide, but not where it is said. */
async function meaning(overrides?: readonly string[]): Promise<string> {
  const { resolved, diagnostics } = await load(context(overrides));
  expect(diagnostics.filter(d => d.severity === 'error')).toEqual([]);
  const said = JSON.stringify(resolved, (key, value: unknown) => (key === 'path' ? undefined : value));
  return canonicalJson(JSON.parse(said));
}

describe('pinned', () => {
  test.each(['styles', 'compose', 'several'])(
    '%s: nothing but what is allotted is written, and nothing changes',
    async name => {
      await cp(join(GOLDEN, name), directory, { recursive: true });
      const overrides = name === 'several' ? ['site.yaml'] : [];
      const files = (await readdir(directory)).filter(
        f => f.endsWith('.yaml') && !f.endsWith('.pinned.yaml'),
      );
      const before = await meaning(overrides);

      const done = await run({ pin: true }, overrides);
      for (const file of files)
        await expect(await get(file)).toMatchFileSnapshot(
          join(GOLDEN, name, file.replace('.yaml', '.pinned.yaml')),
        );
      expect(done.files.length).toBeGreaterThan(0);
      expect(await meaning(overrides)).toBe(before);
      expect(await run({ pin: true }, overrides)).toMatchObject({ files: [] });
    },
  );

  test('what is put in elsewhere moves nothing any more', async () => {
    const text = (more: string): string => `name: lab
hosts: { h: ssh://h }
switches: { lan: { kind: bridge, host: h, subnet: 10.0.0.0/29 } }
stacks:
  s:
    host: h
    services:${more}
      a: { image: i, interfaces: [{ switch: lan }] }
      b: { image: i, interfaces: [{ switch: lan }] }
      c: { image: i, interfaces: [{ switch: lan }] }
`;
    const insert = '\n      z: { image: i, interfaces: [{ switch: lan }, { switch: lan }] }';
    const ofABC = async (): Promise<readonly unknown[]> => {
      const { resolved } = await load(context());
      return resolved!.links.flatMap(l =>
        /\/[abc]:/.test(l.name) ? [JSON.stringify(l.ends[0]).replace(/"path".*/, '')] : [],
      );
    };
    await put('topo.yaml', text(''));
    const before = await ofABC();
    await put('topo.yaml', text(insert));
    expect(await ofABC()).not.toEqual(before);

    await put('topo.yaml', text(''));
    await run({ pin: true });
    await put('topo.yaml', (await get('topo.yaml')).replace('services:', `services:${insert}`));
    expect(await ofABC()).toEqual(before);
  });

  test('what several have from one place is refused, and nothing is written', async () => {
    const text = `name: lab
hosts: { h: ssh://h }
x-ports: &ports [{ switch: lan }]
switches: { lan: { kind: bridge, host: h, subnet: 10.0.0.0/24 } }
stacks: { s: { host: h, services: { a: { image: i, interfaces: *ports }, b: { image: i, interfaces: *ports } } } }
`;
    await put('topo.yaml', text);
    await expect(run({ pin: true })).rejects.toMatchObject({
      diagnostics: [{ code: 'pin.shared', place: { line: 3, column: 18 } }],
    });
    expect(await get('topo.yaml')).toBe(text);
  });

  test('what is said for others, too, by a place that only one asks for, is refused as well', async () => {
    const text = `name: lab
hosts: { h: ssh://h }
x-ports: &ports [{ switch: lan }]
switches: { lan: { kind: bridge, host: h, subnet: 10.0.0.0/24 } }
stacks: { s: { host: h, services: { a: { image: i, interfaces: *ports }, b: { image: i, scale: 2, interfaces: *ports } } } }
`;
    await put('topo.yaml', text);
    await expect(run({ pin: true })).rejects.toThrow();
    expect(await get('topo.yaml')).toBe(text);
  });

  test('of replicas it is said that addresses stay allotted', async () => {
    await put(
      'topo.yaml',
      `name: lab
hosts: { h: ssh://h }
switches: { lan: { kind: bridge, host: h, subnet: 10.0.0.0/24 } }
stacks: { s: { host: h, services: { a: { image: i, scale: 2, interfaces: [{ switch: lan }] } } } }
`,
    );
    const { diagnostics, files } = await run({ pin: true, check: true });
    expect(files).toEqual(['topo.yaml']);
    expect(diagnostics).toMatchObject([{ code: 'pin.replicas', severity: 'warning', place: { line: 4 } }]);
    expect(await get('topo.yaml')).not.toContain('eth1');
  });

  test('a file that is not valid stays what it is', async () => {
    await put('topo.yaml', 'name: lab\nhosts: { h: nowhere }\n');
    await expect(run({ pin: true })).rejects.toMatchObject({ exit: 3 });
  });
});

describe('tidied', () => {
  const UNTIDY = `\uFEFF\r
name: lab   \r
\t
# why  \r


hosts: { h: ssh://h }	
stacks:
  s:
    host: h
    services:
      a:
        image: i
        command:
          - sh
          - -c
          - |
            echo one  


            echo two
          - "quoted  

            over lines"


`;
  const TIDY = `name: lab

# why

hosts: { h: ssh://h }
stacks:
  s:
    host: h
    services:
      a:
        image: i
        command:
          - sh
          - -c
          - |
            echo one  


            echo two
          - "quoted  

            over lines"
`;

  test('blanks and lines, and nothing that is said', async () => {
    await put('topo.yaml', UNTIDY);
    const before = await meaning();
    expect(await run({ check: true })).toEqual({ files: ['topo.yaml'], diagnostics: [] });
    expect(await get('topo.yaml')).toBe(UNTIDY);
    expect(await run({})).toEqual({ files: ['topo.yaml'], diagnostics: [] });
    expect(await get('topo.yaml')).toBe(TIDY);
    expect(await meaning()).toBe(before);
    expect(await run({})).toEqual({ files: [], diagnostics: [] });
  });

  test('a text that ends the file with lines that it keeps', async () => {
    const text = 'name: lab\nhosts: { h: ssh://h }\nx-text: |+\n  one\n\n\n';
    await put('topo.yaml', text);
    expect(await run({})).toEqual({ files: [], diagnostics: [] });
  });

  test('a topology that is not valid, but not what is no YAML', async () => {
    await put('topo.yaml', 'name: lab  \nhosts: nowhere\n');
    expect((await run({})).files).toEqual(['topo.yaml']);
    await put('topo.yaml', 'name: [lab  \n');
    await expect(run({})).rejects.toMatchObject({ exit: 3 });
  });
});
