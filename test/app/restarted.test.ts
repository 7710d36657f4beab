import { expect, test } from 'vitest';
import { restartNotes } from '../../src/app/restarted.js';

const on = (host: string, kind: string) => ({ host, kind });
const MADE = [on('a', 'vpp_domain'), on('a', 'vpp_loopback'), on('b', 'vpp_domain'), on('a', 'veth')];
const gone = (host: string, kind: string, drift = true) => ({ verb: 'create' as const, host, kind, drift });

test.each([
  ['all that was made in it', [gone('a', 'vpp_domain'), gone('a', 'vpp_loopback')], true],
  ['one thing of two', [gone('a', 'vpp_loopback')], false],
  ['what was never made', [gone('a', 'vpp_domain', false), gone('a', 'vpp_loopback', false)], false],
  ['a device beside it', [gone('a', 'vpp_domain'), gone('a', 'veth')], false],
])('where a VPP lacks %s', (_, actions, told) => {
  const note = 'VPP on a was restarted or emptied: all that topo made there (2) is gone';
  expect(restartNotes(actions, MADE)).toEqual(told ? [note] : []);
});
