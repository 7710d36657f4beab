import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { topologyJsonSchema } from '../../src/topology/index.js';

const file = new URL('../../schemas/topo.schema.json', import.meta.url);

/** `UPDATE_SCHEMA=1` writes it. */
test('the JSON Schema in schemas/ is the one that the code gives', () => {
  const emitted = `${JSON.stringify(topologyJsonSchema(), null, 2)}\n`;
  if (process.env['UPDATE_SCHEMA']) writeFileSync(file, emitted);
  expect(readFileSync(file, 'utf8')).toBe(emitted);
});

interface Schema {
  readonly $schema?: string;
  readonly $defs: Record<string, Schema>;
  readonly properties?: Record<string, Schema>;
  readonly additionalProperties?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly description?: string;
  readonly enum?: readonly string[];
}

const schema = topologyJsonSchema() as unknown as Schema;

test('it is draft 2020-12, closed but for x- keys, and every key of a service is described', () => {
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  const service = schema.$defs['service']!;
  expect(service.additionalProperties).toBe(false);
  expect(service).toHaveProperty(['patternProperties', '^x-']);
  for (const [key, property] of Object.entries(service.properties!))
    expect(property.description, key).toMatch(/\.$/);
});

/** DESIGN's table: all of it is in the schema from the first issue on, built or not. */
test.each([
  [
    'service',
    'interfaces wait_for_interfaces netmap userspace image build env_file depends_on healthcheck deploy post_start extends',
  ],
  ['interface', 'switch name ip mac gateway routes mtu up via vlan impair offload'],
  ['impair', 'delay jitter loss duplicate corrupt reorder rate'],
  ['check', 'from ping http expect retries timeout family'],
])('%s knows its keys', (name, keys) => {
  expect(Object.keys(schema.$defs[name]!.properties!)).toEqual(expect.arrayContaining(keys.split(' ')));
});

test.each([
  [
    'host',
    'ssh local sandbox context underlay sudo docker_socket transport accept_new_host_key vppctl vale_ctl',
  ],
  ['network', 'subnet fabric stretch ipam name internal labels'],
  ['link', 'ends mtu up impair via encrypt'],
  ['end', 'at name ip mac gateway routes mtu up via vlan impair offload'],
  ['switch', 'vni port mode flood encrypt host_access host hosts subnet range gateway mtu'],
  ['switch', 'address stp ageing vlan_filtering group_fwd_mask'],
  ['switch', 'bvi uplink tunnel vni bridge_domain learn arp_term'],
  ['switch', 'driver host_stack'],
  ['switch', 'socket_dir create management_socket group socket_mode ports hub fstp priority'],
])('the object form of %s knows %s', (name, keys) => {
  const forms = schema.$defs[name]!.anyOf ?? schema.$defs[name]!.oneOf!;
  expect(forms.some(form => keys.split(' ').every(key => Object.hasOwn(form.properties ?? {}, key)))).toBe(
    true,
  );
});
