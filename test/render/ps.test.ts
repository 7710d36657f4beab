import { expect, test } from 'vitest';
import { renderPs } from '../../src/render/index.js';

test('containers and switches by host', async () => {
  const status = {
    topology: 'two-sites',
    hosts: [
      {
        host: 'tera',
        reached: 'ssh root@198.18.0.2:22',
        engine: 'engine 20.10.24',
        containers: [
          {
            stack: 'shop',
            service: 'web',
            number: 1,
            container: 'shop-web-1',
            image: 'nginx:alpine',
            state: 'running',
            status: 'Up 3 minutes',
            addresses: ['172.30.0.2'],
            ports: ['8080→80/tcp'],
          },
          {
            stack: 'shop',
            service: 'db',
            number: 2,
            container: 'shop-db-1',
            image: 'postgres:16',
            state: 'exited',
            status: 'Exited (1) 3 minutes ago',
            addresses: [],
            ports: [],
          },
        ],
        switches: [
          {
            name: 'overlay',
            kind: 'vxlan',
            device: 'vxlan1000',
            up: true,
            mtu: 1450,
            addresses: ['10.1.1.1/24'],
            peers: ['198.18.0.3'],
          },
        ],
      },
      { host: 'rog', reached: 'local', engine: 'engine 28.5.2', containers: [], switches: [] },
    ],
  };
  await expect(`${renderPs(status, { color: false })}\n`).toMatchFileSnapshot('expected/ps.txt');
});
