import { describe, expect, it } from 'vitest';
import { emptyInventory, OPERATOR, resourceId, shortMark } from '../../src/core/index.js';
import type { Resource, SandboxState } from '../../src/core/index.js';
import { kinds, type SandboxSpec } from '../../src/kinds/index.js';

const kind = kinds.get('sandbox')!;
const spec: SandboxSpec = { name: 'demo-lab1', topology: 'demo', address: '198.18.0.7', engine: '' };
const state: SandboxState = { ...spec, running: true, kept: false, problems: [] };
const id = resourceId(OPERATOR, 'sandbox', spec.name);
const wanted: Resource<SandboxSpec> = {
  id,
  kind: 'sandbox',
  host: OPERATOR,
  name: spec.name,
  group: { is: 'host', name: 'lab1' },
  mark: shortMark('demo', id),
  spec,
};

function read(sandboxes: readonly SandboxState[], want = [wanted], unread = {}): readonly unknown[] {
  return kind.read(
    { ...emptyInventory(), sandboxes, unread },
    { topology: 'demo', host: OPERATOR, wanted: want },
  );
}

describe('reading', () => {
  it('finds the wanted one, and strays of its topology only', () => {
    const stray = { ...state, name: 'demo-lab9' };
    const found = read([
      state,
      stray,
      { ...state, name: 'sb1', topology: '' },
      { ...state, name: 'x', topology: 'other' },
    ]);
    expect(found).toEqual([
      { is: 'ours', id, state },
      { is: 'ours', id: resourceId(OPERATOR, 'sandbox', 'demo-lab9'), state: stray },
    ]);
  });

  it("takes no other topology's sandbox for its own", () => {
    expect(read([{ ...state, topology: '' }])).toEqual([
      { is: 'foreign', id, holder: 'a sandbox host of `topo sandbox up`' },
    ]);
    expect(read([{ ...state, topology: 'other' }])).toEqual([
      { is: 'foreign', id, holder: 'a sandbox host of topology other' },
    ]);
  });

  it('knows nothing where the list could not be read', () => {
    expect(read([], [wanted], { sandboxes: 'no permission' })).toMatchObject([{ is: 'unknown', id }]);
  });
});

describe('differences', () => {
  it('are none for one that runs', () => {
    expect(kind.diff(spec, state)).toEqual([]);
  });

  it('say which part of it does not run, and are mended by the step that makes one', () => {
    const have = { ...state, running: false, problems: ['sshd is not running', 'dockerd is not running'] };
    const differences = kind.diff(spec, have);
    expect(differences).toEqual([
      { field: 'state', have: 'sshd is not running, dockerd is not running', want: 'running' },
    ]);
    const change = { verb: 'update', want: wanted, have, differences } as const;
    expect(kind.steps(change)).toMatchObject([
      { name: 'sandbox', args: ['create', 'demo-lab1', 'demo', '198.18.0.7', expect.any(String), ''] },
    ]);
    expect(kind.destructive?.(change)).toBe(false);
  });

  it('make another sandbox of one with another engine', () => {
    const want = { ...wanted, spec: { ...spec, engine: '/opt/docker' } };
    const differences = kind.diff(want.spec, state);
    expect(differences).toEqual([
      { field: 'engine', have: "the machine's own", want: '/opt/docker', replace: true },
    ]);
    const change = { verb: 'replace', want, have: state, differences } as const;
    expect(kind.steps(change)).toMatchObject([
      { args: ['remove', 'demo-lab1', expect.any(String)] },
      { args: ['create', 'demo-lab1', 'demo', '198.18.0.7', expect.any(String), '/opt/docker'] },
    ]);
    expect(kind.destructive?.(change)).toBe(true);
  });
});

it('goes with its data', () => {
  expect(kind.steps({ verb: 'delete', id, have: state })).toMatchObject([
    { name: 'sandbox', args: ['remove', 'demo-lab1', expect.any(String)] },
  ]);
  expect(kind.destructive?.({ verb: 'delete', id, have: state })).toBe(true);
});
