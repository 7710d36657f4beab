import { Agent, request } from 'node:http';
import { readFileSync } from 'node:fs';
import { PER_STACK, SERVICE, subnetOf } from './topology.js';

/** How many containers are made at a time, as topo does it. */
const IN_FLIGHT = 4;

/**
 * The plain way to the same containers: Engine API calls over the engine's own socket, nothing read before, nothing checked
 * after, no VXLAN and no rules. What topo costs beside this is what it does beside this.
 */
export function rawEngine(sandbox) {
  const pid = readFileSync(`/run/topo/sandbox/${sandbox}/pid`, 'utf8').trim();
  const socketPath = `/proc/${pid}/root/run/docker.sock`;
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
  const call = (method, path, body) => send({ socketPath, agent, method, path }, body);
  return {
    up: services => up(call, services),
    look: () => look(call),
    remove: services => remove(call, services),
    close: () => agent.destroy(),
  };
}

async function up(call, services) {
  const stacks = Math.ceil(services / PER_STACK);
  for (let i = 0; i < stacks; i++) {
    const IPAM = { Config: [{ Subnet: subnetOf(i) }] };
    await call('POST', '/networks/create', { Name: `raw${i}`, CheckDuplicate: true, IPAM });
  }
  await forEach(services, async i => {
    const HostConfig = { NetworkMode: `raw${Math.floor(i / PER_STACK)}` };
    const body = { Image: SERVICE.image, Cmd: SERVICE.command, HostConfig };
    await call('POST', `/containers/create?name=raw-${i}`, body);
    await call('POST', `/containers/raw-${i}/start`);
  });
}

/** The lists that topo reads as well. */
async function look(call) {
  const paths = ['/version', '/containers/json?all=1', '/networks', '/volumes', '/images/json'];
  await Promise.all(paths.map(path => call('GET', path)));
}

async function remove(call, services) {
  await forEach(services, async i => {
    await call('POST', `/containers/raw-${i}/stop`);
    await call('DELETE', `/containers/raw-${i}?v=1&force=1`);
  });
  for (let i = 0; i < Math.ceil(services / PER_STACK); i++) await call('DELETE', `/networks/raw${i}`);
}

async function forEach(count, run) {
  let next = 0;
  const worker = async () => {
    while (next < count) await run(next++);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
}

function send(options, body) {
  const text = body === undefined ? '' : JSON.stringify(body);
  const headers = {
    Host: 'docker',
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  };
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, headers }, reply => {
      let said = '';
      reply.setEncoding('utf8').on('data', piece => (said += piece));
      reply.on('end', () =>
        reply.statusCode < 400
          ? resolve()
          : reject(new Error(`${options.method} ${options.path}: ${reply.statusCode} ${said}`)),
      );
    });
    sent.on('error', reject);
    sent.end(text);
  });
}
