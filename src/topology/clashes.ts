import { checkHealthy } from './dependencies.js';
import { checkFabrics } from './fabric.js';
import type { Finding } from './finding.js';
import { checkFixedAddresses } from './fixed-address.js';
import { checkLoops } from './loops.js';
import { checkOverlaps } from './overlap.js';
import { checkImpair } from './impair-ends.js';
import { checkPlugs } from './plugs.js';
import { checkPublishedPorts } from './published-port.js';
import { checkReplicas } from './replicas.js';
import { checkSegments } from './segments.js';
import type { Sight } from './sight.js';
import { checkValeNames } from './vale.js';
import { checkVlans } from './vlan-ends.js';
import { checkStretches } from './stretch.js';
import { checkUserspace } from './userspace-ends.js';
import { checkVpp } from './vpp-clashes.js';

/** Addresses, subnets, ports and VNIs that can't be as they are, each on its own or beside another. */
export function checkClashes(sight: Sight): readonly Finding[] {
  return [
    ...checkFabrics(sight),
    ...checkOverlaps(sight),
    ...checkFixedAddresses(sight),
    ...checkPublishedPorts(sight),
    ...checkReplicas(sight),
    ...checkHealthy(sight),
    ...checkPlugs(sight),
    ...checkLoops(sight),
    ...checkSegments(sight),
    ...checkValeNames(sight),
    ...checkVlans(sight),
    ...checkImpair(sight),
    ...checkStretches(sight),
    ...checkVpp(sight),
    ...checkUserspace(sight),
  ];
}
