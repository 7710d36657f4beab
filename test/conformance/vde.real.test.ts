import { describe } from 'vitest';
import { vdePlug, type VdePlugSpec } from '../../src/kinds/vde-plug.js';
import { vdeSwitch, type VdeSwitchSpec } from '../../src/kinds/vde-switch.js';
import { resource } from '../support/netns.js';
import { conform } from './conform.js';

const topology = 'vde-conform';
const stem = `/run/topo/${topology}/vde/v0`;
const place = { stem, directory: stem, management: `${stem}.mgmt` };
const ON: VdeSwitchSpec = {
  ...{ topology, name: 'v0', ...place },
  settings: { ports: 8, hub: false, fstp: false, mode: 0o600 },
};

describe('switch', () => {
  conform({
    kind: vdeSwitch,
    topology,
    resource: resource(topology, 'vde_switch', 'v0', ON),
    changed: { ...ON, settings: { ...ON.settings, fstp: true } },
    replaced: { ...ON, settings: { ...ON.settings, ports: 4, priority: 5, group: 'nogroup', mode: 0o660 } },
    foreign: {
      make: 'vde_switch -s /run/other -M /run/other.mgmt -f /dev/null -d',
      show: 'ls /run/other /run/other.mgmt; pgrep -f "[v]de_switch -s /run/other"',
    },
    drifts: [
      {
        what: 'killed',
        by: `kill -9 $(cat ${stem}.pid)`,
        gives: [{ field: 'process', have: 'dead', want: 'running', replace: true }],
      },
      {
        what: 'without its management socket',
        by: `rm ${stem}.mgmt`,
        gives: [{ field: 'management socket', have: 'no answer', want: 'answers', replace: true }],
      },
      {
        what: 'without its socket',
        by: `rm ${stem}/ctl`,
        gives: [{ field: 'socket', have: 'gone', want: `${stem}/ctl`, replace: true }],
      },
    ],
  });
});

const KEY = 'abcdefghijkl';
const PLAIN: VdePlugSpec = {
  ...{ topology, key: KEY, stem: `/run/topo/${topology}/vde/plug.${KEY}` },
  ...{ directory: '/run/plugged', management: '/run/plugged.mgmt', tap: 'tconform' },
};
const PLUG: VdePlugSpec = { ...PLAIN, vlans: { untagged: 5, tagged: [10, 11] } };

describe('plug', () => {
  conform({
    kind: vdePlug,
    topology,
    world: 'vde_switch -s /run/plugged -M /run/plugged.mgmt -f /dev/null -d',
    resource: resource(topology, 'vde_plug', 's/x:eth1', PLUG),
    changed: { ...PLUG, vlans: { tagged: [11, 12] } },
    replaced: PLAIN,
    drifts: [
      {
        what: 'killed',
        by: `kill -9 $(cat ${PLUG.stem}.pid)`,
        gives: [{ field: 'process', have: 'dead', want: 'running', replace: true }],
      },
      {
        what: 'without its tap',
        by: 'ip link del tconform',
        gives: [{ field: 'tap', have: 'gone', want: 'tconform', replace: true }],
      },
    ],
  });
});
