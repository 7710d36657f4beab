import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { generate, load } from '../../src/app/index.js';
import type { GenerateOptions } from '../../src/app/index.js';

const CASES: Readonly<Record<string, GenerateOptions>> = {
  ring: { shape: 'ring' },
  'ring-of-bridges': {
    shape: 'ring',
    kind: 'bridge',
    name: 'loop',
    nodes: 3,
    hosts: ['lab1', 'lab2', 'lab3'],
  },
  mesh: { shape: 'mesh', nodes: 5, addresses: '/30', subnet: '192.168.8.0/24', hosts: ['here=local'] },
  'mesh-without-addresses': { shape: 'mesh', nodes: 3, addresses: 'none', image: 'frrouting/frr:v10' },
  clos: { shape: 'clos', hostsPerLeaf: 2, hosts: ['tera=ssh://alon@tera', 'rog=ssh://alon@rog:2222'] },
  'clos-of-bridges': { shape: 'clos', kind: 'bridge', leaves: 3, image: 'nginx:alpine' },
  star: { shape: 'star', nodes: 3 },
  'star-of-a-bridge': { shape: 'star', kind: 'bridge', hosts: ['one'] },
};

test.each(Object.entries(CASES))('%s, as a file that is valid', async (name, options) => {
  const text = await generate(options);
  await expect(text).toMatchFileSnapshot(`../golden/generate/${name}.yaml`);
  expect(await generate(options)).toBe(text);
  expect(await complaints(text)).toEqual([]);
});

test('no bounds are found to how many', async () => {
  for (const options of [
    { shape: 'mesh', nodes: 30 },
    { shape: 'clos', spines: 10, leaves: 38, hostsPerLeaf: 4 },
    { shape: 'star', kind: 'bridge', nodes: 200 },
    { shape: 'clos', kind: 'bridge', spines: 2, leaves: 2, hostsPerLeaf: 0 },
    { shape: 'star', nodes: 1 },
    { shape: 'mesh', nodes: 2 },
  ] satisfies GenerateOptions[])
    expect(await complaints(await generate(options)), JSON.stringify(options)).toEqual([]);
});

describe('what can’t be', () => {
  const WRONG: readonly (readonly [GenerateOptions, message: string, hint: string])[] = [
    [{ shape: 'ring', nodes: 2 }, 'a ring of --nodes 2 is none', 'give 3 at least'],
    [{ shape: 'ring', spines: 2 }, '--spines is not for a ring', 'it takes --nodes'],
    [
      { shape: 'clos', nodes: 2 },
      '--nodes is not for a clos',
      'it takes --spines, --leaves, --hosts-per-leaf',
    ],
    [{ shape: 'clos', hostsPerLeaf: -1 }, 'a clos of --hosts-per-leaf -1 is none', 'give 0 at least'],
    [{ shape: 'star', name: 'Star' }, '"Star" can\'t be the name of a topology', 'lower-case letters'],
    [{ shape: 'star', hosts: ['Lab'] }, '--host Lab: "Lab" can\'t be a host\'s name', 'tera=ssh://alon@tera'],
    [
      { shape: 'star', hosts: ['a=sandbx'] },
      '--host a=sandbx: "sandbx" is no host',
      'did you mean a=sandbox?',
    ],
    [{ shape: 'star', hosts: ['a', 'a'] }, '--host a: there is something else of that name', 'another name'],
    [
      { shape: 'star', hosts: ['hub'], kind: 'bridge' },
      '--host hub: there is something else of that name',
      'another name',
    ],
    [{ shape: 'star', subnet: 'fd00::/64' }, '--subnet fd00::/64 is no IPv4 subnet', '10.0.0.0/16'],
    [
      { shape: 'mesh', nodes: 20, subnet: '10.0.0.0/24' },
      '10.0.0.0/24 is too small: 380 addresses are needed',
      'give a --subnet of /23',
    ],
  ];

  test.each(WRONG)('%j', async (options, message, hint) => {
    await expect(generate(options)).rejects.toMatchObject({
      code: 'generate.options',
      message,
      hint: expect.stringContaining(hint) as string,
    });
  });
});

/** What `topo validate` says. */
async function complaints(text: string): Promise<readonly unknown[]> {
  const directory = await mkdtemp(join(tmpdir(), 'topo-generate-'));
  try {
    const file = join(directory, 'topo.yaml');
    await writeFile(file, text);
    return (await load({ file, environment: {} })).diagnostics;
  } finally {
    await rm(directory, { recursive: true });
  }
}
