import type { HostName, ResolvedLink } from '../core/index.js';
import { memifName, SOCKETS } from '../tools/index.js';
import { endTitle } from './end-title.js';
import type { Evidence } from './trial.js';
import type { Proof } from './types.js';

/**
 * Shows links that are memory of two VPPs by what these say: each that was made or changed, or whose container was started or told. No
 * ping goes through them that a kernel would send; of vhost-user VPP says nothing that counts.
 */
export function memoryProofs(evidence: Evidence, leftOut: (link: ResolvedLink) => boolean): readonly Proof[] {
  const { resolved, plan, resources } = evidence;
  const done = plan.actions.filter(a => a.verb !== 'delete');
  const ids = new Set(done.map(a => a.resource));
  const links = new Set(resources.filter(r => ids.has(r.id)).flatMap(r => r.link ?? []));
  const told = new Set(done.filter(a => TOLD.includes(a.kind)).map(a => a.name));
  return resolved.links.flatMap(link => {
    const first = link.ends.find(end => end.is === 'service' && end.shared?.via === 'memif');
    if (first?.is !== 'service' || !first.shared || leftOut(link)) return [];
    const isTouched = links.has(link.name) || link.ends.some(e => e.is === 'service' && told.has(e.replica));
    return isTouched ? [proofOf(link, first.host, memifName(first.shared.number), evidence)] : [];
  });
}

/** What a container with a VPP is made of, by its name. */
const TOLD: readonly string[] = ['container', 'post_start'];

function proofOf(link: ResolvedLink, host: HostName, name: string, { world }: Evidence): Proof {
  const [from = '', to = ''] = link.ends.map(endTitle);
  const named = { from, to, how: "the VPPs' own word" };
  if (link.ends.some(end => !end.up))
    return { ...named, ok: false, untried: true, detail: 'it is down, as the file says' };
  const { vpp, insideVpps = {} } = world.views.get(host)?.inventory ?? {};
  const inside = Object.values(insideVpps).flatMap(({ interfaces }) => interfaces);
  const all = [...(vpp?.interfaces ?? []), ...inside].filter(i => i.name === name);
  if (all.some(i => i.connected)) return { ...named, ok: true, detail: '' };
  if (all.filter(i => i.up && i.connected === false).length === 2)
    return { ...named, ok: false, detail: APART };
  const detail =
    all.length === 0 ? 'no VPP of it could be asked' : `the other end has not come to ${name} yet`;
  return { ...named, ok: false, untried: true, detail: `${detail}: vppctl show memif, in the container` };
}

const APART = `both ends are up and have not connected: each VPP has to see the ${SOCKETS} of the host, with the right to use the sockets there`;
