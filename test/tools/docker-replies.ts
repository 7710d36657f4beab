/** Replies of engine 20.10, cut to one of each, with what the engine leaves null or empty. */
export const CONTAINERS: unknown = [
  {
    Id: '1e1ca1be2d42',
    Names: ['/other/alias', '/web'],
    Image: 'topo/busybox',
    ImageID: 'sha256:ff5c',
    Command: 'sleep 1000',
    Created: 1795235213,
    Ports: [
      { IP: '::', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
      { IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
      { PrivatePort: 53, Type: 'udp' },
    ],
    Labels: { 'topo.name': 'lab' },
    State: 'running',
    Status: 'Up Less than a second',
    HostConfig: { NetworkMode: 'n1' },
    NetworkSettings: {
      Networks: {
        n2: {
          IPAMConfig: { IPv4Address: '172.30.2.7' },
          Aliases: null,
          NetworkID: '',
          IPAddress: '',
          MacAddress: '',
        },
        n1: {
          IPAMConfig: null,
          Aliases: null,
          NetworkID: '80ef925bc386',
          IPAddress: '172.30.1.7',
          GlobalIPv6Address: '',
          MacAddress: '02:42:ac:1e:01:07',
        },
      },
    },
    Mounts: [
      { Type: 'volume', Name: 'data', Source: '/var/lib/docker/volumes/data/_data', Destination: '/d' },
    ],
  },
];

export const NETWORKS: unknown = [
  {
    Name: 'n1',
    Id: '80ef925bc386',
    Driver: 'bridge',
    EnableIPv6: false,
    IPAM: { Driver: 'default', Options: null, Config: [{ Subnet: '172.30.1.0/24' }] },
    Internal: true,
    Options: { 'com.docker.network.driver.mtu': '1450' },
    Labels: { 'topo.name': 'lab' },
  },
  { Name: 'host', Id: '5daf1a9ed71c', Driver: 'host', IPAM: { Config: [] }, Options: null, Labels: null },
];

export const IMAGES: unknown = [
  { Id: 'sha256:aa', RepoTags: ['nginx:alpine', 'mine:1'], RepoDigests: ['nginx@sha256:dd'] },
  { Id: 'sha256:bb', RepoTags: ['<none>:<none>'], RepoDigests: null },
];
