/** What stood around a VPP when a transcript was taken, and what happened to it that is no command. */
export interface Scene {
  /** Linux devices in the namespaces of the two VPPs. */
  readonly devices: Readonly<Record<'a' | 'b', readonly string[]>>;
  readonly vhostNet?: boolean;
  /** Ids that VPP chose by itself, in order. */
  readonly chosen?: readonly number[];
  /** Before a line of the file: a VPP that starts anew, or commands that were sent and not written down. */
  readonly before?: Readonly<Record<number, Before>>;
}

export interface Before {
  readonly restart?: readonly ('a' | 'b')[];
  readonly without?: readonly string[];
  readonly sent?: readonly string[];
  /** Devices that were made in the namespace of a. */
  readonly made?: readonly string[];
}

const VA = ['lo', 'va1', 'va2', 'va3', 'va4'];
const both = { a: [...VA, 'ul0', 'wa1', 'wa2'], b: ['lo', 'vb1', 'ul0'] };
const afresh: Before = { restart: ['a', 'b'] };
const many = [...Array(20).keys()].map(n => n + 1);
const EXTRA = [
  'acl',
  'arping',
  'dhcp',
  'geneve',
  'gre',
  'l3xc',
  'lldp',
  'memif',
  'ping',
  'vhost',
  'wireguard',
];

/** By the transcript's name; the others have the devices of two VPPs that are joined by `ul0`. */
const SCENES: Readonly<Record<string, Scene>> = {
  '02b-af-packet-linux-side': { devices: { a: ['lo', 'va1'], b: [] } },
  '02c-stale-attachment': { devices: both, before: { 11: { made: ['va1'] } } },
  '03b-tap': { devices: both, vhostNet: true, before: { 121: { restart: ['a'] } } },
  '03c-tap-ids': { devices: both, vhostNet: true },
  '04-bridge': { devices: both, chosen: [7271263, 5253426, 13432553] },
  '06b-frame-sizes': {
    devices: both,
    before: Object.fromEntries([39, 53, 80, 101, 125, 149, 173, 197, 221].map(line => [line, afresh])),
  },
  '07b-memif-tcp': { devices: both, before: { 28: { restart: ['b'] }, 42: { restart: ['a'] } } },
  '10b-batch-details': {
    devices: both,
    // The four batches whose answers were cut when they were written down.
    before: { 14: { sent: Array<string>(4).fill('create bridge-domain 1\ncreate bridge-domain 1 del') } },
  },
  '10c-permissions-hang': {
    devices: both,
    before: { 14: { sent: [...Array(100).keys()].map(n => `create bridge-domain ${n + 1}`) } },
  },
  '11-formatting': {
    devices: { a: [...many.map(n => `v${n}`), 'abcdefghijklmno'], b: [] },
    before: {
      25: {
        sent: many.flatMap(n => [
          `set interface state host-v${n} up`,
          `set interface l2 bridge host-v${n} 100 ${n % 3}`,
        ]),
      },
    },
  },
  '12-restart': {
    devices: both,
    before: {
      24: { restart: ['a'] },
      40: { restart: ['a'] },
      52: { restart: ['a'] },
      56: { restart: ['a'] },
      60: { restart: ['a'], without: EXTRA },
      71: { restart: ['a'], without: [...EXTRA, 'af_packet', 'vxlan'] },
    },
  },
};

export const sceneOf = (name: string): Scene => SCENES[name] ?? { devices: both };
