import { expect, test } from 'vitest';
import type { World } from '../../src/app/world.js';
import type { Action } from '../../src/core/index.js';
import { appliedWorld, changed, decided, freshWorld, resolved } from '../fakes/scene.js';
import { netmap } from '../fakes/vale/inventory.js';

/** A kernel waits for ever where something attached to a VALE switch goes: so whatever is to be done, ports go before all of it. */

const text = (services: string, more = '', links = ''): string => `name: lab
hosts: { a: ssh://a }
switches: { v0: { kind: vale, host: a${more} }, lan: { kind: bridge, host: a } }
stacks: { s: { host: a, services: { ${services} } } }
links: [${links}]
`;
const X = 'x: { image: i, interfaces: [{ switch: v0 }] }';
const Y = 'y: { image: i, interfaces: [{ switch: v0 }] }';

function applied(file: string): World {
  const topology = resolved(file);
  const there = changed(freshWorld(topology), view => ({
    ...view,
    facts: { ...view.facts, tools: { ...view.facts.tools, ethtool: '/sbin/ethtool' } },
    inventory: { ...view.inventory, vale: netmap() },
  }));
  return appliedWorld(topology, there);
}

/** What is planned, and that every port that goes does so before anything else is changed or deleted that it stands on. */
function planned(was: string, now: string): readonly string[] {
  const { plan, diagnostics } = decided(resolved(now), applied(was));
  expect(diagnostics).toEqual([]);
  const leaving = plan!.actions.filter(a => a.kind === 'vale_port' && a.verb === 'delete');
  const beneath = plan!.actions.filter(a => ['container', 'holder', 'veth', 'tunnel'].includes(a.kind));
  for (const action of beneath.filter(a => a.host === 'a'))
    for (const port of leaving) expect(waitsFor(plan!.actions, action, port), action.name).toBe(true);
  return plan!.actions.map(a => `${a.verb} ${a.kind} ${a.name}`);
}

function waitsFor(actions: readonly Action[], action: Action, other: Action): boolean {
  return action.after.some(id => id === other.id || waitsFor(actions, actions[id - 1]!, other));
}

test('a container that is made anew', () => {
  expect(planned(text(X), text(X.replace('image: i', 'image: j')))).toEqual([
    'delete vale_port s/x:eth1@v0',
    'create image j:latest',
    'replace container s/x',
    'create veth s/x:eth1',
    'create vale_port s/x:eth1@v0',
  ]);
});

test('one whose devices are in a holder, which stays: nothing is detached', () => {
  const waiting = X.replace('{ image', '{ wait_for_interfaces: true, image');
  expect(planned(text(waiting), text(waiting.replace('image: i', 'image: j')))).not.toContain(
    'delete vale_port s/x:eth1@v0',
  );
});

test('an MTU, and a device that is down', () => {
  expect(planned(text(X), text(X, ', mtu: 1400'))).toEqual([
    'delete vale_port s/x:eth1@v0',
    'update veth s/x:eth1',
    'create vale_port s/x:eth1@v0',
  ]);
  expect(planned(text(X), text(X.replace('switch: v0', 'switch: v0, up: false')))).toEqual([
    'update veth s/x:eth1',
  ]);
});

test('what leaves the file, while another is made anew', () => {
  expect(planned(text(`${X}, ${Y}`), text(X.replace('image: i', 'image: j')))).toEqual([
    'delete vale_port s/x:eth1@v0',
    'delete vale_port s/y:eth1@v0',
    'delete veth s/y:eth1',
    'delete container s/y',
    'create image j:latest',
    'replace container s/x',
    'create veth s/x:eth1',
    'create vale_port s/x:eth1@v0',
  ]);
});

test('one that moves to another switch, and all of them', () => {
  const moved = X.replace('switch: v0', 'switch: lan');
  expect(planned(text(X), text(moved))[0]).toBe('delete vale_port s/x:eth1@v0');
  const { plan } = decided(
    resolved('name: lab\nhosts: { a: ssh://a }\n'),
    applied(text(`${X}, ${Y}`, '', '[v0, lan]')),
  );
  const kinds = plan!.actions.map(a => a.kind);
  expect(kinds.lastIndexOf('vale_port')).toBeLessThan(kinds.findIndex(kind => kind !== 'vale_port'));
});
