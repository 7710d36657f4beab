import type { Made } from './tap.js';

const OWN = ['VIRTIO_NET_F_MRG_RXBUF (15)', 'VIRTIO_RING_F_INDIRECT_DESC (28)', 'VIRTIO_F_VERSION_1 (32)'];
const REMOTE = [
  'VIRTIO_NET_F_MRG_RXBUF (15)',
  'VIRTIO_F_NOTIFY_ON_EMPTY (24)',
  'VHOST_F_LOG_ALL (26)',
  'VIRTIO_F_ANY_LAYOUT (27)',
  'VIRTIO_RING_F_INDIRECT_DESC (28)',
  'VIRTIO_RING_F_EVENT_IDX (29)',
  'VIRTIO_F_VERSION_1 (32)',
  'VIRTIO_F_IOMMU_PLATFORM (33)',
];

/** The block of `show tap`; names are those of its creation. */
export function describeTap({ slot, options, hostMac, tap, port }: Made): readonly string[] {
  const receive = options['num-rx-queues'] ?? 1;
  return [
    `Interface: ${port.name} (ifindex ${port.index})`,
    `  name "${options['host-if-name'] ?? tap.name}"`,
    ...(options['host-ns'] === undefined ? [] : [`  host-ns "${options['host-ns']}"`]),
    ...(options['host-mtu-size'] === undefined ? [] : [`  host-mtu-size "${options['host-mtu-size']}"`]),
    `  host-mac-addr: ${hostMac}`,
    '  host-carrier-up: 1',
    '  vhost-fds 13',
    '  tap-fds 12',
    `  gso-enabled ${Number(options.gso ?? false)}`,
    '  csum-enabled 0',
    '  packet-coalesce 0',
    '  packet-buffering 0',
    '  rss-enabled 0',
    `  Mac Address: ${port.mac}`,
    `  Device instance: ${slot}`,
    ...(port.up ? ['  flags 0x1', '    admin-up (0)'] : ['  flags 0x0']),
    '  features 0x110008000',
    ...OWN.map(name => `    ${name}`),
    '  remote-features 0x33d008000',
    ...REMOTE.map(name => `    ${name}`),
    `  Number of RX Virtqueue  ${receive}`,
    '  Number of TX Virtqueue  1',
    ...[...Array(receive).keys()].flatMap(n => ring('RX', 2 * n)),
    ...ring('TX', 1),
  ];
}

const ring = (way: 'RX' | 'TX', index: number): readonly string[] => [
  `  Virtqueue (${way}) ${index}`,
  '    qsz 256, last_used_idx 0, desc_next 0, desc_in_use 0',
  '    avail.flags 0x1 avail.idx 0 used.flags 0x0 used.idx 0',
  '    kickfd 15, callfd 14',
];
