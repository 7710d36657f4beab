import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSandbox, parseSandboxList, sandboxAddress, sandboxAddresses } from '../../src/tools/index.js';

describe('addresses of sandboxes', () => {
  it('depend on the name alone', () => {
    expect(sandboxAddress('demo-lab1', [])).toBe('198.18.97.138');
    expect(sandboxAddress('demo-lab2', [])).not.toBe(sandboxAddress('demo-lab1', []));
  });

  it('stay those of a sandbox that is there', () => {
    expect(sandboxAddress('demo-lab1', [{ name: 'demo-lab1', address: '198.18.9.9' }])).toBe('198.18.9.9');
  });

  it('go on to the next free one', () => {
    const first = sandboxAddress('demo-lab1', []);
    const taken = [{ name: 'other', address: first }];
    const next = sandboxAddress('demo-lab1', taken);
    expect(next).toBe('198.18.97.139');
    expect(sandboxAddress('demo-lab1', [...taken, { name: 'third', address: next }])).toBe('198.18.97.140');
  });

  it("are never another's, the operator's, the network's or the broadcast address", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/);
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 60 }), names => {
        const addresses = [...sandboxAddresses(names, []).values()];
        expect(new Set(addresses).size).toBe(names.length);
        for (const address of addresses) {
          expect(address).toMatch(/^198\.18\.\d+\.\d+$/);
          expect(['198.18.0.0', '198.18.0.1', '198.18.255.255']).not.toContain(address);
        }
      }),
    );
  });
});

describe('the list', () => {
  it('is read line by line, sorted', () => {
    const text =
      'two||198.18.0.9|0|1|not running|\ndemo-lab1|demo|198.18.0.7|1|0||\n' +
      'three|demo|198.18.0.8|0|0|sshd is not running,dockerd is not running,|/opt/a|b\n';
    expect(parseSandboxList(text)).toEqual([
      {
        name: 'demo-lab1',
        topology: 'demo',
        address: '198.18.0.7',
        engine: '',
        running: true,
        kept: false,
        problems: [],
      },
      {
        name: 'three',
        topology: 'demo',
        address: '198.18.0.8',
        engine: '/opt/a|b',
        running: false,
        kept: false,
        problems: ['sshd is not running', 'dockerd is not running'],
      },
      {
        name: 'two',
        topology: '',
        address: '198.18.0.9',
        engine: '',
        running: false,
        kept: true,
        problems: ['not running'],
      },
    ]);
  });

  it('is empty where there is none', () => {
    expect(parseSandboxList('')).toEqual([]);
  });
});

it('gives a device name that the kernel takes, the same for create and remove', () => {
  const step = createSandbox({
    name: 'a-topology-with-a-long-name-lab1',
    topology: 't',
    address: '198.18.0.7',
    engine: '',
  });
  const veth = step.via === 'script' ? String(step.args[4]) : '';
  expect(veth.length).toBeLessThanOrEqual(15);
  expect(veth).toMatch(/^t[a-z2-7]{10}$/);
});
