import { describe, expect, test } from 'vitest';
import {
  createContainer,
  disconnectNetwork,
  explainEngineError,
  imageReference,
  parseContainers,
  parseImages,
  parseNetworks,
  parseVersion,
  parseVolumes,
  refuse,
  removeContainer,
} from '../../src/tools/index.js';
import { CONTAINERS, IMAGES, NETWORKS } from './docker-replies.js';

describe('parsers', () => {
  test('a container: its own name, fixed addresses of networks without one, published ports only, all sorted', () => {
    expect(parseContainers(CONTAINERS)).toEqual([
      {
        id: '1e1ca1be2d42',
        name: 'web',
        image: 'topo/busybox',
        imageId: 'sha256:ff5c',
        labels: { 'topo.name': 'lab' },
        state: 'running',
        status: 'Up Less than a second',
        networkMode: 'n1',
        networks: {
          n1: { networkId: '80ef925bc386', ipv4: '172.30.1.7', ipv6: '', mac: '02:42:ac:1e:01:07' },
          n2: { networkId: '', ipv4: '172.30.2.7', ipv6: '', mac: '' },
        },
        ports: [
          { ip: '0.0.0.0', host: 8080, container: 80, protocol: 'tcp' },
          { ip: '::', host: 8080, container: 80, protocol: 'tcp' },
        ],
        mounts: [{ type: 'volume', source: 'data', target: '/d' }],
      },
    ]);
    expect(Object.keys(parseContainers(CONTAINERS)[0]!.networks)).toEqual(['n1', 'n2']);
  });

  test('networks by name, null as empty', () => {
    expect(parseNetworks(NETWORKS)).toMatchObject([
      { name: 'host', subnets: [], options: {}, labels: {}, internal: false },
      { name: 'n1', subnets: ['172.30.1.0/24'], gateways: [], internal: true, ipv6: false },
    ]);
  });

  test('no volumes is null in the reply', () => {
    expect(parseVolumes({ Volumes: null, Warnings: null })).toEqual([]);
    expect(parseVolumes({ Volumes: [{ Name: 'v', Driver: 'local', Labels: null }] })).toEqual([
      { name: 'v', driver: 'local', options: {}, labels: {} },
    ]);
  });

  test('an image is known by tags, digests and id', () => {
    expect(parseImages(IMAGES)).toEqual({
      'mine:1': 'sha256:aa',
      'nginx:alpine': 'sha256:aa',
      'nginx@sha256:dd': 'sha256:aa',
      'sha256:aa': 'sha256:aa',
      'sha256:bb': 'sha256:bb',
    });
  });

  test('the engine itself', () => {
    const version = { Version: '20.10.24+dfsg1', ApiVersion: '1.41', Arch: 'amd64' };
    expect(parseVersion(version, { ID: 'ABCD' })).toEqual({
      is: 'running',
      version: '20.10.24+dfsg1',
      apiVersion: '1.41',
      arch: 'amd64',
      id: 'ABCD',
    });
  });

  test('the swarm it is in: a manager knows the port, a worker does not', () => {
    const swarmOf = (swarm: unknown): unknown => parseVersion({}, { Swarm: swarm });
    const idle = { NodeID: '', LocalNodeState: 'inactive', ControlAvailable: false };
    expect(swarmOf(idle)).not.toHaveProperty('swarm');
    expect(swarmOf(undefined)).not.toHaveProperty('swarm');
    const worker = { NodeID: 'w1oj9o', LocalNodeState: 'active', ControlAvailable: false };
    expect(swarmOf(worker)).toMatchObject({ swarm: {} });
    const manager = { ...worker, ControlAvailable: true, Cluster: { SubnetSize: 24, DataPathPort: 4789 } };
    expect(swarmOf(manager)).toMatchObject({ swarm: { port: 4789 } });
  });

  test('what it tells of the system beneath, of its firewall, and that it is a rootless one', () => {
    const info = {
      OperatingSystem: 'Debian GNU/Linux 12 (bookworm)',
      FirewallBackend: { Driver: 'nftables' },
      SecurityOptions: ['name=seccomp,profile=builtin', 'name=rootless'],
    };
    expect(parseVersion({ KernelVersion: '6.1.0' }, info)).toMatchObject({
      system: 'Debian GNU/Linux 12 (bookworm)',
      kernel: '6.1.0',
      firewall: 'nftables',
      rootless: true,
    });
    expect(parseVersion({}, { SecurityOptions: ['name=seccomp'] })).not.toHaveProperty('rootless');
  });
});

describe('imageReference', () => {
  const DIGEST = `sha256:${'a'.repeat(64)}`;
  test.each([
    ['nginx', 'nginx:latest'],
    ['nginx:alpine', 'nginx:alpine'],
    ['docker.io/library/nginx', 'nginx:latest'],
    ['index.docker.io/grafana/grafana:9', 'grafana/grafana:9'],
    ['library/nginx', 'nginx:latest'],
    ['library/deep/nginx', 'library/deep/nginx:latest'],
    ['host:5000/box', 'host:5000/box:latest'],
    ['host:5000/box:2', 'host:5000/box:2'],
    [`nginx:alpine@${DIGEST}`, `nginx@${DIGEST}`],
    [`host:5000/box@${DIGEST}`, `host:5000/box@${DIGEST}`],
    [DIGEST, DIGEST],
  ])('%s is listed as %s', (given, listed) => expect(imageReference(given)).toBe(listed));
});

describe('explainEngineError', () => {
  test.each([
    ['Bind for 0.0.0.0:8080 failed: port is already allocated', 'publish another one'],
    ['listen tcp4 0.0.0.0:80: bind: address already in use', 'publish another one'],
    ['Address already in use', 'has this address already'],
    ['Pool overlaps with other one on this address space', 'choose another `subnet`'],
    [
      'cannot create network a (b): conflicts with c (b): networks have same bridge name',
      'this bridge device',
    ],
    ['network shop_default id 80ef has active endpoints', 'docker network inspect'],
    ['No such image: nope:latest', 'check the name of the image'],
    ['write /var/lib/docker/tmp/x: no space left on device', 'disk is full'],
    ['runc create failed: exec: "nope": executable file not found in $PATH: unknown', '`command`'],
    ['invalid mount config for type "bind": bind source path does not exist: /nope', "engine's host"],
    [
      "error while creating mount source path '/proc/x': mkdir /proc/x: no such file or directory",
      'source of the mount',
    ],
    ['Conflict. The container name "/web" is already in use by container "b5b3".', 'plan again'],
    ['remove data: volume is in use - [8993]', 'remove it first'],
    ["Invalid address 1.2.3.4: It does not belong to any of this network's subnets", 'outside of the subnet'],
    [
      'NanoCPUs can not be set, as your kernel does not support CPU CFS scheduler or the cgroup is not mounted',
      'leave the key out',
    ],
  ])('%s', (message, hint) => expect(explainEngineError(message, 500)).toContain(hint));

  test('what nobody knows has a hint only where the engine itself broke', () => {
    expect(explainEngineError('odd', 400)).toBeUndefined();
    expect(explainEngineError('odd', 500)).toContain('log of the engine');
  });
});

describe('steps', () => {
  test('names are escaped in paths', () => {
    expect(createContainer('a b/c', {})).toMatchObject({ path: '/containers/create?name=a%20b%2Fc' });
    expect(removeContainer('../images')).toMatchObject({ path: '/containers/..%2Fimages?v=1&force=1' });
  });

  test('only what is "already so" is accepted: creating never, removing and disconnecting what is gone', () => {
    expect(createContainer('web', {})).not.toHaveProperty('accept');
    expect(removeContainer('web')).toMatchObject({ accept: [404, 409] });
    expect(disconnectNetwork('net', 'web')).toMatchObject({ accept: [404, 500] });
  });

  test('a refusal gives its message to a constant script as an argument', () => {
    const step = refuse('no $(reboot)');
    expect(step).toMatchObject({
      via: 'exec',
      argv: ['sh', '-c', 'printf "%s\\n" "$0" >&2; exit 1', 'no $(reboot)'],
    });
  });
});
