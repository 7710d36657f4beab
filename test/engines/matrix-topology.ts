import type { Family } from '../../src/core/index.js';
import { sandboxOf, type Lane } from './lanes.js';

/** A stack of the matrix: one container, one network of its own. */
export interface MatrixStack {
  readonly name: string;
  readonly host: 'left' | 'right' | 'aside';
  readonly subnets: Readonly<Record<Family, string>>;
  /** The container's addresses: the first that the engine gives. */
  readonly addresses: Readonly<Record<Family, string>>;
  readonly fabric?: 'red' | 'blue';
  /** The host's port that leads to the container's port 80; port 81 is not published. */
  readonly published: number;
}

export const STACKS: readonly MatrixStack[] = [
  stack('red-a', 'left', 1),
  stack('red-a2', 'left', 2),
  stack('red-b', 'right', 3),
  stack('blue-a', 'left', 4),
  stack('blue-b', 'right', 5),
  stack('plain-a', 'left', 6),
  stack('plain-b', 'right', 7),
  stack('plain-c', 'aside', 8),
];

/** The topology's text; every web server says the name of its stack. */
export function matrixTopology(name: string, left: Lane, right: Lane, families: readonly Family[]): string {
  const of = (all: Readonly<Record<Family, string>>): string =>
    `[${families.map(f => `'${all[f]}'`).join(', ')}]`;
  return `name: ${name}
hosts:
  left: ${sandboxOf(left)}
  right: ${sandboxOf(right)}
  aside: ${sandboxOf(left)}
switches:
  red: { kind: vxlan, vni: 1000, subnet: ${of({ 4: '10.1.1.0/24', 6: 'fd00:1:1::/64' })} }
  blue: { kind: vxlan, vni: 2000, subnet: ${of({ 4: '10.1.2.0/24', 6: 'fd00:1:2::/64' })} }
stacks:
${STACKS.map(s => stackText(s, of(s.subnets))).join('')}`;
}

function stackText({ name, host, fabric, published }: MatrixStack, subnets: string): string {
  const on = fabric === undefined ? '' : `, fabric: ${fabric}`;
  return `  ${name}:
    host: ${host}
    networks: { net: { subnet: ${subnets}${on} } }
    services:
      web:
        image: topo/busybox
        networks: [net]
        ports: ['${published}:80']
        command: [sh, -c, 'mkdir /www; echo ${name} >/www/index.html; httpd -p 80 -h /www; httpd -p 81 -h /www; trap exit TERM; sleep 3600 & wait']
`;
}

function stack(name: string, host: MatrixStack['host'], n: number): MatrixStack {
  const colour = /^(red|blue)-/.exec(name)?.[1] as 'red' | 'blue' | undefined;
  return {
    name,
    host,
    subnets: { 4: `10.60.${n}.0/24`, 6: `fd00:60:${n}::/64` },
    addresses: { 4: `10.60.${n}.2`, 6: `fd00:60:${n}::2` },
    ...(colour && { fabric: colour }),
    published: 8080 + n,
  };
}
