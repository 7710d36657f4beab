import type { Commands } from '../cli.js';
import { bridgeDomainCommands } from './bridge-domain.js';
import { hostInterfaceCommands } from './host-interface.js';
import { identityCommands } from './identity.js';
import { interfaceCommands } from './interface.js';
import { l2fibCommands } from './l2fib.js';
import { layer2Commands } from './layer2.js';
import { loopbackCommands } from './loopback.js';
import { memifCommands } from './memif.js';
import { routeCommands } from './route.js';
import { showInterfaceCommands } from './show-interface.js';
import { subInterfaceCommands } from './sub-interfaces.js';
import { tapCommands } from './tap.js';
import { vhostUserCommands } from './vhost-user.js';
import { vxlanCommands } from './vxlan.js';
import { wordCommands } from './words.js';

/** All that the emulator can do. */
export const COMMANDS: Commands = {
  ...bridgeDomainCommands,
  ...hostInterfaceCommands,
  ...identityCommands,
  ...interfaceCommands,
  ...l2fibCommands,
  ...layer2Commands,
  ...loopbackCommands,
  ...memifCommands,
  ...routeCommands,
  ...showInterfaceCommands,
  ...subInterfaceCommands,
  ...tapCommands,
  ...vhostUserCommands,
  ...vxlanCommands,
  ...wordCommands,
};
