import { expect, test } from 'vitest';
import { canonicalJson, digest, type Step } from '../../src/core/index.js';
import { digestOfSaved, movedBetween, saveActions } from '../../src/plan/index.js';
import { action } from '../render/samples.js';

const seal = (text: string): string => digest(`key ${text}`).slice(0, 8);
const create = (value: string): Step => ({
  via: 'docker',
  mutates: true,
  label: 'create',
  method: 'POST',
  path: '/containers/create',
  body: { Env: [`PASSWORD=${value}`] },
});

test('values of the environment, contents, headers and what commands are fed become digests; the rest stays', () => {
  const steps: readonly Step[] = [
    create('hush'),
    { ...create('hush'), headers: { 'X-Registry-Auth': 'hush' } } as Step,
    { via: 'file', mutates: true, label: 'write', path: '/x', mode: 0o600, content: 'hush' },
    { via: 'exec', mutates: true, label: 'run', argv: ['cat'], stdin: 'hush' },
    { via: 'script', mutates: true, label: 'run', name: 's', args: ['a'], stdin: 'hush' },
    {
      via: 'docker',
      mutates: true,
      label: 'net',
      method: 'POST',
      path: '/networks/create',
      body: { Name: 'n' },
    },
    { via: 'stream', mutates: true, label: 'pull', name: 'pull', args: ['nginx'] },
    {
      ...{ via: 'build', mutates: true, label: 'build', reference: 'a' },
      request: { context: { is: 'remote', address: 'x' }, args: { T: 'hush' }, labels: {}, digest: 'd' },
    },
    {
      ...{ via: 'copy', mutates: true, label: 'copy', container: 'c', directory: '/' },
      files: [{ path: '/a', uid: 0, gid: 0, mode: 0o444, content: 'hush' }],
    },
  ];
  const saved = saveActions([action(1, { steps })], seal);
  expect(canonicalJson(saved)).not.toContain('hush');
  expect(
    saved[0]!.steps.map(s => 'redacted' in ((s['body'] ?? s['content'] ?? s['stdin'] ?? {}) as object)),
  ).toEqual([true, true, true, true, true, false, false, false, false]);
  expect(saved[0]!.steps[7]).toMatchObject({ reference: 'a', request: { redacted: true } });
  expect(saved[0]!.steps[8]).toMatchObject({ files: [{ path: '/a', content: { redacted: true } }] });
  expect(saved[0]!.steps[5]).toEqual(steps[5]);
});

test('equal actions are equal in the file, and a value that is not shown makes them another', () => {
  const saved = (value: string): ReturnType<typeof saveActions> =>
    saveActions([action(1, { steps: [create(value)] }), action(2, { steps: [] })], seal);
  expect(digestOfSaved(saved('a'), seal)).toBe(digestOfSaved(saved('a'), seal));
  expect(digestOfSaved(saved('a'), seal)).not.toBe(digestOfSaved(saved('b'), seal));
  expect(movedBetween(saved('a'), saved('a'))).toEqual([]);
  expect(movedBetween(saved('a'), saved('b'))).toEqual([
    'changed: environment, contents or settings of container shop/n1 on tera',
  ]);
});

test('what appeared, vanished and changed is said, each with why', () => {
  const before = saveActions(
    [1, 2, 3, 4].map(id => action(id, {})),
    seal,
  );
  const drifted = { verb: 'update', cause: 'drifted: state' } as const;
  const run: Step = { via: 'exec', mutates: true, label: 'run', argv: ['true'] };
  const state = { field: 'state', have: 'paused', want: 'running' };
  const now = saveActions(
    [
      action(1, drifted),
      action(2, { steps: [run] }),
      action(3, { differences: [state] }),
      action(5, drifted),
    ],
    seal,
  );
  expect(movedBetween(before, now)).toEqual([
    'vanished: create container shop/n4 on tera (not there yet)',
    'changed: update container shop/n1 on tera: it was to create (not there yet), now it is to update (drifted: state)',
    'changed: create container shop/n2 on tera: by other commands',
    'changed: create container shop/n3 on tera: state: paused → running',
    'appeared: update container shop/n5 on tera (drifted: state)',
  ]);
  const [one, two] = before;
  expect(movedBetween([one!, two!], [two!, one!])).toEqual(['changed: the order in which things are done']);
});
