import { createHmac } from 'node:crypto';
import { canonicalJson, type Group, type ResourceId } from '../core/index.js';
import { ADOPTED } from '../tools/index.js';

/** What topo writes on what an engine keeps. `hash` covers only what forces re-creation; `spec` is what was last applied. */
export interface Mark {
  readonly topology: string;
  readonly id: ResourceId;
  readonly group?: Group;
  readonly hash: string;
  readonly spec: unknown;
  /** A record on the host stands for it, made `before` or by this plan (`now`): nothing is to be read off it then. */
  readonly adopted?: 'before' | 'now';
}

const PREFIX = 'topo.';

/** The labels that make a container, network or volume topo's. */
export function marks(mark: Mark): Readonly<Record<string, string>> {
  return {
    'topo.hash': mark.hash,
    'topo.id': mark.id,
    'topo.name': mark.topology,
    'topo.spec': canonicalJson(mark.spec),
    ...(mark.group?.is === 'stack' && { 'topo.stack': mark.group.name }),
  };
}

/** The mark that labels bear; undefined where they bear none. A spec that can't be read any more is undefined. */
export function markOf(labels: Readonly<Record<string, string>>): Mark | undefined {
  const { 'topo.name': topology, 'topo.id': id, 'topo.stack': stack, [ADOPTED]: adopted } = labels;
  if (!topology || !id) return undefined;
  const group: Group | undefined = stack ? { is: 'stack', name: stack } : undefined;
  return {
    topology,
    id,
    ...(group && { group }),
    hash: labels['topo.hash'] ?? '',
    spec: parse(labels['topo.spec']),
    ...(adopted && { adopted: adopted === 'now' ? adopted : 'before' }),
  };
}

/** The labels that somebody chose: topo's own mark what is made, and Compose's group it for others. */
export function ownLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const isOwn = (key: string): boolean => !key.startsWith(PREFIX) && !key.startsWith('com.docker.compose.');
  return Object.fromEntries(Object.entries(labels).filter(([key]) => isOwn(key)));
}

const DIGEST = /^digest:[0-9a-f]{16}$/;

/** Stands for a value that must not be shown: equal for equal values of one topology, and of no use without its key. */
export function keyedDigest(key: string, value: string): string {
  return `digest:${createHmac('sha256', key).update(value).digest('hex').slice(0, 16)}`;
}

export function isKeyedDigest(value: unknown): boolean {
  return typeof value === 'string' && DIGEST.test(value);
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}
