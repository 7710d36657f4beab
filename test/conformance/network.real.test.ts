import { deviceAlias, shortMark } from '../../src/core/index.js';
import { ruleFingerprint } from '../../src/kinds/guard-rules.js';
import { accept } from '../../src/kinds/accept.js';
import { address } from '../../src/kinds/address.js';
import { fdb } from '../../src/kinds/fdb.js';
import { guard } from '../../src/kinds/guard.js';
import { neighbour } from '../../src/kinds/neighbour.js';
import { route } from '../../src/kinds/route.js';
import { sysctl } from '../../src/kinds/sysctl.js';
import { vxlan } from '../../src/kinds/vxlan.js';
import { resource } from '../support/netns.js';
import { conform } from './conform.js';

const topology = 'two-sites';
const deviceId = 'here/vxlan/vxlan1000';
const device = { id: deviceId, name: 'vxlan1000' };
const alias = deviceAlias(topology, deviceId);
const [A, B, C] = ['02:00:00:00:00:0a', '02:00:00:00:00:0b', '02:00:00:00:00:0c'];
const ZERO = '00:00:00:00:00:00';

/** A device of ours to stand on, and a foreign one beside it. */
const world = `ip link add vxlan1000 type vxlan id 1000 dstport 4789 local 198.18.0.2
  ip link set dev vxlan1000 alias "${alias}"
  ip link set dev vxlan1000 up
  ip address add 10.1.1.2/24 dev vxlan1000
  ip link add vxlan9 type vxlan id 9 dstport 4790 local 198.18.0.2
  ip link set dev vxlan9 up
  ip address add 10.9.0.1/24 dev vxlan9`;

const device1000 = {
  device: 'vxlan1000',
  vni: 1000,
  port: 4789,
  local: '198.18.0.2',
  mtu: 1450,
  mac: A,
  alias,
};

conform({
  kind: vxlan,
  topology,
  resource: resource(topology, 'vxlan', 'vxlan1000', device1000),
  changed: { ...device1000, mtu: 1400, mac: B, alias: deviceAlias(topology, 'here/vxlan/renamed') },
  replaced: { ...device1000, vni: 1001, port: 4799, local: 'fd00:18::2' },
  foreign: {
    make: 'ip link add vxlan9 type vxlan id 9 dstport 4790 local 198.18.0.2',
    show: 'ip -d -o link show dev vxlan9',
  },
  drifts: [
    { what: 'deleted', by: 'ip link del vxlan1000', gives: 'absent' },
    {
      what: 'MTU',
      by: 'ip link set vxlan1000 mtu 1300',
      gives: [{ field: 'mtu', have: '1300', want: '1450' }],
    },
    { what: 'down', by: 'ip link set vxlan1000 down', gives: [{ field: 'state', have: 'down', want: 'up' }] },
    {
      what: 'another VNI',
      by: `ip link del vxlan1000; ip link add vxlan1000 address ${A} mtu 1450 type vxlan id 7 dstport 4789 local 198.18.0.2 df set
        ip link set vxlan1000 alias "${alias}"; ip link set vxlan1000 up`,
      gives: [{ field: 'vni', have: '7', want: '1000', replace: true }],
    },
  ],
});

conform({
  kind: address,
  topology,
  world: `${world}
    ip address del 10.1.1.2/24 dev vxlan1000`,
  resource: resource(topology, 'address', 'vxlan1000', {
    device,
    addresses: ['10.1.1.2/24', '10.1.1.3/24', 'fd00:1::2/64'],
  }),
  // The first address of a subnet takes the others along when it goes.
  changed: { device, addresses: ['10.1.1.3/24', 'fd00:1:0:0::9/64'] },
  foreign: {
    make: ':',
    show: 'ip -o address show scope global dev vxlan9; ip -o address show scope global dev eth0',
  },
  drifts: [
    {
      what: 'one gone, one more',
      by: 'ip address del fd00:1::2/64 dev vxlan1000; ip address add 10.5.5.5/32 dev vxlan1000',
      gives: [
        { field: '10.5.5.5/32', have: 'present', want: 'absent' },
        { field: 'fd00:1::2/64', have: 'missing', want: 'present' },
      ],
    },
    { what: 'all gone', by: 'ip address flush dev vxlan1000 scope global', gives: 'absent' },
  ],
});

const flood = (dst: string): { mac: string; dst: string } => ({ mac: ZERO, dst });

conform({
  kind: fdb,
  topology,
  world,
  resource: resource(topology, 'fdb', 'vxlan1000', {
    device,
    entries: [
      flood('198.18.0.3'),
      { mac: B, dst: '198.18.0.3' },
      flood('198.18.0.4'),
      { mac: C, dst: '198.18.0.4' },
    ],
  }),
  changed: { device, entries: [flood('198.18.0.4'), { mac: B, dst: '198.18.0.4' }, flood('198.18.0.5')] },
  foreign: {
    make: `bridge fdb append ${ZERO} dev vxlan9 dst 198.18.0.3`,
    show: 'bridge fdb show dev vxlan9',
  },
  drifts: [
    {
      what: 'a flood entry deleted',
      by: `bridge fdb del ${ZERO} dev vxlan1000 dst 198.18.0.3`,
      gives: [{ field: `${ZERO} dst 198.18.0.3`, have: 'missing', want: 'present' }],
    },
    {
      what: 'a MAC moved to another peer, an entry more',
      by: `bridge fdb replace ${B} dev vxlan1000 dst 198.18.0.4; bridge fdb append ${A} dev vxlan1000 dst 198.18.0.9 static`,
      gives: [
        { field: `${A} dst 198.18.0.9`, have: 'present', want: 'absent' },
        { field: `${B} dst 198.18.0.3`, have: 'missing', want: 'present' },
        { field: `${B} dst 198.18.0.4`, have: 'present', want: 'absent' },
      ],
    },
    {
      what: 'a learned entry',
      by: `bridge fdb append 02:00:00:00:00:77 dev vxlan1000 dst 198.18.0.3 dynamic`,
      gives: [],
    },
  ],
});

conform({
  kind: neighbour,
  topology,
  world,
  resource: resource(topology, 'neighbour', 'vxlan1000', {
    device,
    entries: [
      { address: '10.1.1.3', mac: B },
      { address: 'fd00:1::4', mac: C },
    ],
  }),
  changed: { device, entries: [{ address: '10.1.1.3', mac: C }] },
  foreign: {
    make: `ip neigh replace 10.9.0.9 lladdr ${A} dev vxlan9 nud permanent`,
    show: 'ip neigh show dev vxlan9',
  },
  drifts: [
    {
      what: 'one gone, one with another MAC',
      by: `ip neigh del fd00:1::4 dev vxlan1000; ip neigh replace 10.1.1.3 lladdr ${A} dev vxlan1000 nud permanent`,
      gives: [
        { field: '10.1.1.3', have: A, want: B },
        { field: 'fd00:1::4', have: 'missing', want: C },
      ],
    },
    {
      what: 'a resolved one',
      by: `ip neigh replace 10.1.1.8 lladdr ${A} dev vxlan1000 nud reachable`,
      gives: [],
    },
  ],
});

conform({
  kind: route,
  topology,
  world,
  resource: resource(topology, 'route', 'vxlan1000', {
    device,
    routes: [
      { dst: '172.30.0.0/16', via: '10.1.1.3' },
      { dst: '172.31.0.0/16', via: '10.1.1.4', source: '10.1.1.2', mtu: 1400 },
      { dst: 'fd00:30::/64', via: 'fd00:1::3' },
    ],
  }),
  changed: { device, routes: [{ dst: '172.30.0.0/16', via: '10.1.1.9' }] },
  foreign: {
    make: 'ip route add 10.77.0.0/16 dev vxlan9 proto 116',
    show: 'ip route show dev vxlan9; ip route show dev eth0',
  },
  drifts: [
    {
      what: 'one deleted, one more',
      by: 'ip route del 172.30.0.0/16; ip route add 10.66.0.0/16 dev vxlan1000 proto 116',
      gives: [
        { field: '10.66.0.0/16', have: 'proto 116', want: 'absent' },
        { field: '172.30.0.0/16', have: 'missing', want: 'via 10.1.1.3 proto 116' },
      ],
    },
    {
      what: 'one replaced without a protocol',
      by: 'ip route replace 172.30.0.0/16 via 10.1.1.3 dev vxlan1000 onlink',
      gives: [{ field: '172.30.0.0/16', have: 'via 10.1.1.3 proto 3', want: 'via 10.1.1.3 proto 116' }],
    },
    {
      what: 'an IPv6 one through another gateway',
      by: 'ip -6 route replace fd00:30::/64 via fd00:1::9 dev vxlan1000 proto 116 onlink',
      gives: [{ field: 'fd00:30::/64', have: 'via fd00:1::9 proto 116', want: 'via fd00:1::3 proto 116' }],
    },
  ],
});

conform({
  kind: sysctl,
  topology,
  stays: true,
  resource: resource(topology, 'sysctl', 'net.ipv4.ip_forward', { key: 'net.ipv4.ip_forward', value: '1' }),
  changed: { key: 'net.ipv4.ip_forward', value: '0' },
  drifts: [
    {
      what: 'turned off',
      by: 'sysctl -qw net.ipv4.ip_forward=0',
      gives: [{ field: 'net.ipv4.ip_forward', have: '0', want: '1' }],
    },
  ],
});

const acceptMark = shortMark(topology, 'here/accept/overlay');
const marked = (mark: string): readonly string[] => ['-m', 'mark', '--mark', mark];
const named = ['-i', 'vxlan1000', '-o', 'br-shop', '-s', '10.2.0.0/16', '-d', '172.30.0.5'];
const title = 'filter DOCKER-USER -s 10.2.0.0/16 -d 172.30.0.5/32 -i vxlan1000 -o br-shop -j ACCEPT';
const markTitle = 'filter DOCKER-USER -m mark --mark 0x10/0x10 -j ACCEPT';
const rawTitle = 'raw PREROUTING -m mark --mark 0x10/0x10 -j ACCEPT';
const rawDrop = '-d 172.30.0.5/32 ! -i br-shop -j DROP';
const tagged = `-m comment --comment ${acceptMark} -j ACCEPT`;

conform({
  kind: accept,
  topology,
  world: `iptables -N DOCKER-USER; iptables -A DOCKER-USER -j RETURN; iptables -A FORWARD -j DOCKER-USER
    iptables -t raw -A PREROUTING ${rawDrop}`,
  resource: resource(topology, 'accept', 'overlay', {
    family: 4 as const,
    rules: [
      { table: 'filter' as const, chain: 'DOCKER-USER', match: marked('0x10/0x10') },
      { table: 'filter' as const, chain: 'DOCKER-USER', match: named },
      { table: 'raw' as const, chain: 'PREROUTING', match: marked('0x10/0x10') },
    ],
  }),
  changed: {
    family: 4 as const,
    rules: [{ table: 'filter' as const, chain: 'DOCKER-USER', match: marked('0x20/0x20') }],
  },
  foreign: {
    make: `iptables -I DOCKER-USER -s 10.3.0.0/16 -m comment --comment topo:two-sites-2:abcdefghijkl -j ACCEPT
      iptables -I DOCKER-USER -p tcp --dport 80 -m comment --comment "somebody's own" -j ACCEPT`,
    // A table without a rule is as good as none: iptables makes one on the way, and ours goes with its last rule.
    show: `iptables-save | grep -e '^-A' | grep -v -e '${acceptMark}'`,
  },
  drifts: [
    {
      what: 'one deleted',
      by: `iptables -D DOCKER-USER ${named.join(' ')} ${tagged}`,
      gives: [{ field: title, have: 'missing', want: 'present' }],
    },
    {
      what: 'one moved behind RETURN',
      by: `iptables -D DOCKER-USER -m mark --mark 0x10/0x10 ${tagged}; iptables -A DOCKER-USER -m mark --mark 0x10/0x10 ${tagged}`,
      gives: [
        { field: markTitle, have: 'behind -j RETURN', want: 'ahead of it' },
        { field: 'filter DOCKER-USER order', have: `${title}; ${markTitle}`, want: `${markTitle}; ${title}` },
      ],
    },
    {
      what: 'a drop ahead of it in raw, one twice, one more',
      by: `iptables -t raw -I PREROUTING ${rawDrop}
        iptables -A DOCKER-USER -i nowhere ${tagged}
        iptables -I DOCKER-USER ${named.join(' ')} ${tagged}`,
      gives: [
        { field: title, have: '2 times', want: 'once' },
        { field: rawTitle, have: `behind ${rawDrop}`, want: 'ahead of it' },
        { field: 'filter DOCKER-USER -i nowhere -j ACCEPT', have: 'present', want: 'absent' },
        { field: 'filter DOCKER-USER order', have: `${title}; ${markTitle}`, want: `${markTitle}; ${title}` },
      ],
    },
    {
      what: 'a chain flushed',
      by: 'iptables -t raw -F PREROUTING',
      gives: [{ field: rawTitle, have: 'missing', want: 'present' }],
    },
  ],
});

const fromPeer = 'iifname "vxlan1000" ip saddr { 10.2.0.0/16, 10.3.0.0/16 } accept';
const drop = 'iifname "vxlan1000" drop';
const keep = 'oifname "vxlan1000" ip saddr { 172.30.0.0/16 } ip daddr { 10.2.0.0/16 } snat ip to ip saddr';
const guardMark = shortMark(topology, 'here/guard/overlay');
const table = {
  table: 'topo_abcdefghij',
  chains: [
    {
      name: 'guard',
      type: 'filter' as const,
      hook: 'forward' as const,
      priority: -10,
      rules: [fromPeer, drop],
    },
    { name: 'door', type: 'filter' as const, hook: 'input' as const, priority: -10, rules: [drop] },
    { name: 'keep', type: 'nat' as const, hook: 'postrouting' as const, priority: 90, rules: [keep] },
  ],
};

conform({
  kind: guard,
  topology,
  resource: resource(topology, 'guard', 'overlay', table),
  changed: { ...table, chains: [{ ...table.chains[0]!, rules: [drop], priority: -5 }, table.chains[2]!] },
  foreign: {
    make: 'nft add table inet topo_by_hand; nft "add chain inet topo_by_hand c { type filter hook input priority 0; }"; nft add table ip other',
    show: 'nft list table inet topo_by_hand; nft list table ip other',
  },
  drifts: [
    { what: 'table deleted', by: 'nft delete table inet topo_abcdefghij', gives: 'absent' },
    {
      what: 'a chain flushed',
      by: 'nft flush chain inet topo_abcdefghij door',
      gives: [{ field: `door: ${drop}`, have: 'missing', want: 'present' }],
    },
    {
      what: 'a rule more',
      by: 'nft add rule inet topo_abcdefghij guard accept',
      gives: [{ field: 'guard: rule ""', have: 'present', want: 'absent' }],
    },
    {
      what: 'the drop ahead of the accept',
      by: `nft flush chain inet topo_abcdefghij guard
        nft add rule inet topo_abcdefghij guard '${drop} comment "${guardMark} ${ruleFingerprint(drop)}"'
        nft add rule inet topo_abcdefghij guard '${fromPeer} comment "${guardMark} ${ruleFingerprint(fromPeer)}"'`,
      gives: [
        {
          field: 'chain guard order',
          have: [drop, fromPeer].map(ruleFingerprint).join(' '),
          want: [fromPeer, drop].map(ruleFingerprint).join(' '),
        },
      ],
    },
    {
      what: 'all rules flushed',
      by: 'nft flush table inet topo_abcdefghij',
      gives: [
        { field: 'chain guard', have: '0 of 2 rules', want: '2 rules' },
        { field: `door: ${drop}`, have: 'missing', want: 'present' },
        { field: `keep: ${keep}`, have: 'missing', want: 'present' },
      ],
    },
  ],
});
