import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { attachPort, detachPort, parseVale } from '../../src/tools/index.js';
import { recordedIn, SCENES } from '../fakes/vale/transcripts.js';

/** What a freshly loaded module is set to, as the reader tells it. */
const PARAMETERS = readFileSync(new URL('../fakes/vale/parameters.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map(line => `#parameter ${line}\n`)
  .join('');

test('every list that a real vale-ctl gave is read, whatever the slots, and all of it', () => {
  const lists = SCENES.flatMap(({ file }) => recordedIn(file)).filter(
    ({ cmd, exit }) => cmd === 'vale-ctl' && exit === 1,
  );
  expect(lists.length).toBeGreaterThan(20);
  for (const { stdout } of lists) {
    const { ports } = parseVale(`${stdout}${PARAMETERS}`);
    const again = ports.flatMap(({ switch: on, device, hostStack }) => {
      const name = `${on === '' ? '' : `${on}:`}${device}`;
      return hostStack ? [name, `${name}^`] : [name];
    });
    expect(again.sort()).toEqual(
      stdout
        .split('\n')
        .flatMap(line => (line === '' ? [] : [line.split(' ')[0]!]))
        .sort(),
    );
  }
});

test('the module, its users and what was written down are read', () => {
  const text = `vale0:h1 bridge_idx 0 port_idx 1
vale0:h1^ bridge_idx 0 port_idx 0
#ctl sudo
#ctl vale-ctl
${PARAMETERS}#holder veth
#driver eth0 ixgbe
#record vale0:h1 12 native h/vale_port/a/x:eth1@v0
#record half-written
`;
  expect(parseVale(text)).toEqual({
    ctl: ['sudo', 'vale-ctl'],
    ports: [{ switch: 'vale0', device: 'h1', hostStack: true }],
    records: [{ switch: 'vale0', device: 'h1', index: 12, driver: 'native', id: 'h/vale_port/a/x:eth1@v0' }],
    module: {
      admode: 0,
      bufSize: 2048,
      bufNum: 163840,
      ringNum: 200,
      genericRingSize: 1024,
      maxBridges: 8,
      holders: ['veth'],
      drivers: { eth0: 'ixgbe' },
    },
  });
  expect(parseVale(`#holder *\n${PARAMETERS}`).module.holders).toEqual([]);
});

test('what is no list, or no netmap, is not taken for an empty one', () => {
  expect(() => parseVale(`usage: vale-ctl\n${PARAMETERS}`)).toThrow('vale-ctl lists what is no port');
  expect(() => parseVale('')).toThrow('netmap does not tell its admode');
});

describe('a step', () => {
  const caller = { topology: 'lab', ctl: ['docker', 'exec', 'nm', 'vale-ctl'] };

  test('names the port, and how vale-ctl is called, as arguments', () => {
    const port = {
      switch: 'vale0',
      device: 'tx',
      hostStack: true,
      driver: 'generic',
      id: 'h/vale_port/x',
    } as const;
    expect(attachPort(caller, port)).toMatchObject({
      name: 'vale-attach',
      args: ['lab', '-h', 'vale0:tx', 'generic h/vale_port/x', ...caller.ctl],
    });
    expect(detachPort(caller, port)).toMatchObject({
      name: 'vale-detach',
      args: ['lab', 'vale0:tx', ...caller.ctl],
    });
  });
});
