import type { DocPath, Locate, Topology } from '../core/index.js';
import { valueAt } from './at.js';
import { isMap } from './blocks.js';
import type { Finding } from './finding.js';

/** What the checks of values know: the sound part of the topology, the document it is from, and the places in it. */
export interface Sight {
  readonly topology: Topology;
  readonly root: unknown;
  readonly locate: Locate;
}

/** An error about the value at a path; `other` is the path of what it clashes with. */
export function clash(
  { locate }: Sight,
  code: string,
  summary: string,
  path: DocPath,
  more: { readonly hint?: string; readonly other?: DocPath; readonly at?: 'key' | 'value' } = {},
): Finding {
  const place = more.other && locate(more.other);
  const both = place && `the other is at ${place.file}:${place.line}:${place.column}`;
  const hint = [more.hint, both].filter(part => part !== undefined).join('; ');
  return { severity: 'error', code, summary, ...(hint && { hint }), path, place: locate(path, more.at) };
}

/** Where the n-th subnet of a stack's network stands. */
export function subnetPath(root: unknown, stack: string, network: string, n = 0): DocPath {
  const path = ['stacks', stack, 'networks', network];
  const short = valueAt(root, [...path, 'subnet']);
  if (short === undefined) return [...path, 'ipam', 'config', n, 'subnet'];
  return Array.isArray(short) ? [...path, 'subnet', n] : [...path, 'subnet'];
}

/** Where the n-th value of a key that takes one or a list stands. */
export function elementPath(root: unknown, path: DocPath, n = 0): DocPath {
  return Array.isArray(valueAt(root, path)) ? [...path, n] : path;
}

/** Where a network names its switch, and its n-th address there. */
export function fabricPath(
  root: unknown,
  stack: string,
  network: string,
  key: 'switch' | 'address',
  n = 0,
): DocPath {
  const path = ['stacks', stack, 'networks', network, 'fabric'];
  return isMap(valueAt(root, path)) ? elementPath(root, [...path, key], n) : path;
}
