import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseSettings, parseSettingsLines, SETTINGS_READER } from '../../src/tools/docker-settings.js';

const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];

/** As engine 20.10 writes them, cut; a label and a variable that look like what is looked for. */
const CONFIG = {
  Config: { Env: ['X={"Networks":{"no":{}},"Service":1'], Labels: { Networks: '{', Memory: '5' } },
  NetworkSettings: {
    Bridge: '',
    Networks: {
      lab_front: { IPAMConfig: null, Links: null, Aliases: ['web', 'aaaaaaaaaaaa'], DriverOpts: {} },
      'a "b" {c}': { IPAMConfig: { LinkLocalIPs: ['169.254.1.1'] }, Aliases: null, GwPriority: 7 },
    },
    Service: null,
    Ports: {},
  },
  Name: '/lab-web-1',
};
const HOST = {
  NetworkMode: 'lab_front',
  RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 },
  Annotations: { Memory: '77' },
  CpuShares: 0,
  Memory: 67108864,
  NanoCpus: 500000000,
  CpusetCpus: '0-1',
  CpusetMems: '',
  KernelMemory: 5,
  MemorySwap: -1,
  PidsLimit: null,
};
const SETTINGS = {
  restart: { name: 'on-failure', retries: 3 },
  limits: { CpusetCpus: '0-1', Memory: 67108864, MemorySwap: -1, NanoCpus: 500000000 },
  networks: {
    lab_front: {
      aliases: ['web', 'aaaaaaaaaaaa'],
      links: [],
      linkLocal: [],
      options: {},
      gatewayPriority: 0,
    },
    'a "b" {c}': { aliases: [], links: [], linkLocal: ['169.254.1.1'], options: {}, gatewayPriority: 7 },
  },
};

test('an inspection and the files of an engine say the same', () => {
  const root = mkdtempSync(join(tmpdir(), 'settings '.trim()));
  try {
    for (const [id, host] of [[a, HOST] as const, [b, { RestartPolicy: { Name: '' } }] as const]) {
      mkdirSync(join(root, 'containers', id), { recursive: true });
      writeFileSync(join(root, 'containers', id, 'config.v2.json'), `${JSON.stringify(CONFIG)}\n`);
      writeFileSync(join(root, 'containers', id, 'hostconfig.json'), `${JSON.stringify(host)}\n`);
    }
    const script = `files=$(ls "$0"/containers/*/config.v2.json)${SETTINGS_READER}`;
    const printed = execFileSync('sh', ['-euc', script, root], { encoding: 'utf8' });
    expect(printed).not.toContain('Env');
    const read = parseSettingsLines(printed);
    expect(read[a]).toEqual(SETTINGS);
    expect(read[b]).toMatchObject({ restart: { name: 'no', retries: 0 }, limits: {} });
  } finally {
    rmSync(root, { recursive: true });
  }
  expect(parseSettings({ HostConfig: HOST, NetworkSettings: CONFIG.NetworkSettings })).toEqual(SETTINGS);
});

test('one of which only a part could be read is left out, and asked for', () => {
  const line = `/d/containers/${a}/hostconfig.json:"RestartPolicy":{"Name":"no"}`;
  expect(parseSettingsLines(line)).toEqual({});
  expect(
    parseSettingsLines(`${line}\n/d/containers/${a}/config.v2.json:"Networks":{broken,"Service":`),
  ).toEqual({});
  expect(
    Object.keys(parseSettingsLines(`${line}\n/d/containers/${a}/config.v2.json:"Networks":{},"Service":`)),
  ).toEqual([a]);
});
