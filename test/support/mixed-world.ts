import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inside, workspace } from './cli.js';
import type { Victim } from './kills.js';
import { startSandboxes } from './sandboxes.js';
import { presentAsSsh } from './ssh-hosts.js';
import { lookInside } from './worlds.js';

/** Two hosts that are there already, one with two devices of its own, and a topology that has some of everything on them. */
export async function startMixedWorld(name: string): Promise<Victim & AsyncDisposable> {
  const sandboxes = await startSandboxes(2);
  const ssh = await presentAsSsh(sandboxes);
  const own = await inside(sandboxes.names[0]!, 'sh', '-ec', DEVICES);
  if (own.code !== 0) throw new Error(own.stderr);
  const space = await workspace();
  await writeFile(join(space.cwd, 'topo.yaml'), `name: ${name}\n${MIXED}`);
  return {
    space: { ...space, env: { HOME: ssh.home } },
    look: async () => (await Promise.all(sandboxes.names.map(lookInside))).join('\n'),
    async [Symbol.asyncDispose]() {
      await space[Symbol.asyncDispose]();
      await ssh[Symbol.asyncDispose]();
      await sandboxes[Symbol.asyncDispose]();
    },
  };
}

/** `ext5` and `ext6`, each a cable to what is outside. */
const DEVICES = `ip netns add out
for n in 5 6; do ip link add ext$n type veth peer name out$n netns out; ip link set ext$n up; ip -n out link set out$n up; done
ip -n out addr add 10.0.1.200/24 dev out5; ip -n out addr add 10.9.0.1/24 dev out6`;

const MIXED = `
hosts: { one: ssh://one, two: ssh://two }
x-one: &one { image: topo/busybox, command: [sleep, infinity], stop_signal: SIGKILL }
switches:
  overlay: { kind: vxlan, vni: 1000, subnet: 10.1.1.0/24 }
  lan: { kind: bridge, host: one, subnet: 10.0.1.0/24 }
  far: { kind: bridge, host: two }
  wide: { kind: vxlan, mode: l2, subnet: 10.0.3.0/24 }
stacks:
  west:
    host: one
    networks: { net: { subnet: 172.30.0.0/16, fabric: overlay } }
    services:
      web: { <<: *one, networks: [net] }
      pc: { <<: *one, scale: 2, interfaces: [{ switch: lan }, { switch: wide }] }
      router: { <<: *one, interfaces: [{ switch: lan }] }
  east:
    host: two
    networks: { net: { subnet: 172.31.0.0/16, fabric: overlay } }
    services:
      web: { <<: *one, networks: [net] }
      pc: { <<: *one, interfaces: [{ switch: wide }] }
      guest: { <<: *one, interfaces: [{ switch: far, ip: 10.0.1.250/24 }] }
links:
  - [{ at: 'west/router:wan', ip: 10.0.0.1/30 }, { at: 'east/pc:wan', ip: 10.0.0.2/30 }]
  - [{ at: west/router, ip: 10.8.0.1/30 }, { at: 'west/pc#2', ip: 10.8.0.2/30 }]
  - [lan, far]
  - [lan, 'one:ext5']
  - [{ at: west/router, ip: 10.9.0.2/24 }, 'one:ext6']
checks:
  - { from: west/web, ping: east/web }
  - { from: west/pc, ping: east/pc }
  - { from: west/router, ping: east/pc }
  - { from: west/router, ping: 'west/pc#2' }
  - { from: east/guest, ping: west/router }
`;
