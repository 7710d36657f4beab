/** Sleeps, and ends at once when it is asked to: the time of a removal is then the tools', not the engine's grace. */
const COMMAND = ['sh', '-c', 'trap exit TERM; sleep 86400 & wait'];

/** What every container of the bench is made of. */
export const SERVICE = { image: 'topo/busybox', command: COMMAND };

/** How many services a stack has. */
export const PER_STACK = 10;

/** A topology of `services` sleeping services in stacks of ten, dealt out to sandbox hosts, all on one routed switch. */
export function topologyText({ name, services, hosts }) {
  const stacks = Array.from({ length: Math.ceil(services / PER_STACK) }, (_, i) =>
    stackLines(i, Math.min(PER_STACK, services - i * PER_STACK), hosts),
  );
  return [
    `name: ${name}`,
    'hosts:',
    ...Array.from({ length: hosts }, (_, i) => `  lab${i + 1}: sandbox`),
    'switches:',
    '  overlay: { kind: vxlan, vni: 4242, subnet: 10.64.0.0/16 }',
    stacks.length === 0 ? 'stacks: {}' : 'stacks:',
    ...stacks.flat(),
    '',
  ].join('\n');
}

function stackLines(index, services, hosts) {
  return [
    `  s${index}:`,
    `    host: lab${(index % hosts) + 1}`,
    `    networks: { net: { subnet: ${subnetOf(index)}, fabric: overlay } }`,
    '    services:',
    ...Array.from(
      { length: services },
      (_, i) =>
        `      v${i}: { image: ${SERVICE.image}, command: ${JSON.stringify(COMMAND)}, networks: [net] }`,
    ),
  ];
}

/** The n-th stack's subnet: a /24 each, so that 4,096 stacks fit into 172.16.0.0/12. */
export function subnetOf(index) {
  return `172.${16 + (index >> 8)}.${index & 255}.0/24`;
}
