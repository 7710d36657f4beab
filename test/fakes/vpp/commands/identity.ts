import type { Call, Commands } from '../cli.js';
import { refuse } from '../cli.js';
import type { Vpp } from '../vpp.js';

/** What a VPP says of itself: its release, its process, how long it runs. */
export const identityCommands: Commands = {
  'show version': showVersion,
  'show clock': showClock,
  'show plugins': showPlugins,
  'show threads': ({ vpp, say }) =>
    say(
      'ID     Name                Type        LWP     Sched Policy (Priority)  lcore  Core   Socket State     ',
      `0      vpp_main                        ${String(vpp.identity.pid).padEnd(8)}other (0)                0      0      0                `,
    ),
  'show ip neighbors': () => undefined,
  'show api clients': () => undefined,
  'show unix errors': ({ say }) => say('no Unix errors so far'),
  'show errors': showErrors,
  'show node counters': showErrors,
};

const BUILT = '2026-11-21T01:41:54';

function showVersion({ vpp, input, say }: Call): void {
  const { version, pid } = vpp.identity;
  if (input.take('cmdline')) return say(...STARTED);
  if (!input.take('verbose')) return say(`vpp v${version} built by root on (build host) at ${BUILT}`);
  say(
    `Version:                  v${version}`,
    'Compiled by:              root',
    'Compile host:             (build host)',
    `Compile date:             ${BUILT}`,
    'Compile location:         (build directory)',
    'Compiler:                 GCC 12.2.0',
    `Current PID:              ${pid}`,
  );
}

/** How it was started, a section a line; each word is told on a line of its own. */
const STARTED: readonly string[] = [
  'Command line arguments:  ',
  '  /usr/bin/vpp',
  ...[
    [
      'unix',
      'nodaemon runtime-dir /run/vpp cli-listen /run/vpp/cli.sock log /run/vpp/vpp.log poll-sleep-usec 100',
    ],
    ['socksvr', 'socket-name /run/vpp/api.sock'],
    ['statseg', 'socket-name /run/vpp/stats.sock size 32M page-size 4k'],
    ['memory', 'main-heap-size 512M main-heap-page-size 4k'],
    ['buffers', 'buffers-per-numa 16384 page-size 4k'],
  ].flatMap(([name = '', words = '']) => [
    `  ${name}`,
    ...['{', ...words.split(' '), '}'].map(word => `    ${word}`),
  ]),
];

/** Seconds since it started, without a 0 before the point. */
function showClock({ vpp, input, say }: Call): void {
  if (input.peek() === 'verbose') refuse('show clock verbose');
  const { now, started } = vpp.identity;
  const passed = (now() - started).toFixed(6).replace(/^0/, '');
  const [day, date, month, year, time] = new Date(now() * 1000).toUTCString().split(' ');
  say(
    `Time now ${passed}, ${day} ${date} ${month} ${year} ${time} GMT`,
    'Time last barrier release 0.000000000',
    `0: Time now ${passed}`,
    'Thread 0 offset 0.000000000 error 0.000000000',
  );
}

const PLUGINS: Readonly<Record<string, string>> = {
  lldp: 'Link Layer Discovery Protocol (LLDP)',
  memif: 'Packet Memory Interface (memif) -- Experimental',
  l3xc: 'L3 Cross-Connect (L3XC)',
  ping: 'Ping (ping)',
  geneve: 'GENEVE Tunnels',
  acl: 'Access Control Lists (ACL)',
  arping: 'Arping (arping)',
  gre: 'Generic Routing Encapsulation (GRE) plugin',
  af_packet: 'af-packet',
  dhcp: 'Dynamic Host Configuration Protocol (DHCP)',
  vxlan: 'VxLan Tunnels',
  vhost: 'Vhost-User',
  wireguard: 'Wireguard Protocol',
};

function showPlugins({ vpp, say }: Call): void {
  const { version, without } = vpp.identity;
  const loaded = Object.entries(PLUGINS).filter(([name]) => !without.includes(name));
  say(
    ' Plugin path is: /usr/lib/x86_64-linux-gnu/vpp_plugins',
    '',
    '     Plugin                                   Version                          Description',
    ...loaded.map(
      ([name, about], n) =>
        `${String(n + 1).padStart(3)}. ${`${name}_plugin.so`.padEnd(41)}${version.padEnd(33)}${about}`,
    ),
  );
}

/** Of all counters only those of a blocked port are kept. */
function showErrors({ vpp, say }: Call): void {
  const lines = blocked(vpp).map(
    ([name, frames]) =>
      `${String(frames).padStart(10)}${`${name}-tx`.padStart(22)}${'tx sendto temporary failure'.padStart(41)}       error  `,
  );
  say('   Count                  Node                              Reason               Severity ', ...lines);
}

const blocked = (vpp: Vpp): readonly (readonly [string, number])[] =>
  vpp.ports.all().flatMap(port => {
    const frames = port.hardware?.behind.waiting?.() ?? 0;
    return frames > 0 ? [[port.name, frames] as const] : [];
  });
