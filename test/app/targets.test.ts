import { expect, test } from 'vitest';
import { asTarget, parseTarget } from '../../src/app/targets.js';

test('a host of a flag is local or an ssh address', () => {
  expect(parseTarget('local')).toMatchObject({ form: { is: 'local' } });
  expect(parseTarget('ssh://alon@tera:2222')).toMatchObject({
    name: 'tera',
    form: { is: 'ssh', user: 'alon', address: 'tera', port: 2222 },
  });
  expect(parseTarget('context:rog')).toMatchObject({ name: 'rog', form: { is: 'context', context: 'rog' } });
  for (const wrong of ['context:', 'context:../x', 'tera', 'ssh://-oProxyCommand=x', 'ssh://a b', '']) {
    expect(() => parseTarget(wrong)).toThrow(/is not a host/);
  }
});

test('what a host wrote down of its peers is believed only where it is a host', () => {
  const ssh = {
    name: 'one',
    form: { is: 'ssh', user: 'root', address: '192.0.2.1' },
    acceptNewHostKey: false,
  };
  const sandbox = { name: 'lab1', form: { is: 'sandbox' }, acceptNewHostKey: false, sandbox: 'q-lab1' };
  expect(asTarget(ssh)).toEqual(ssh);
  expect(asTarget({ ...ssh, form: { is: 'ssh', address: 'fd00::1' } })).toBeDefined();
  expect(asTarget(sandbox)).toEqual(sandbox);
  const context = { ...ssh, form: { is: 'context', context: 'rog' } };
  expect(asTarget(context)).toEqual(context);
  expect(asTarget({ ...context, form: { is: 'context', context: '../x' } })).toBeUndefined();
  expect(asTarget({ ...ssh, form: { is: 'ssh', address: '-oProxyCommand=x' } })).toBeUndefined();
  expect(asTarget({ ...ssh, transport: 'openssh' })).toEqual({ ...ssh, transport: 'openssh' });
  expect(asTarget({ ...ssh, transport: 'telnet' })).toBeUndefined();
  const vpp = { ...ssh, dataplanes: { vpp: ['docker', 'exec', 'vpp', 'vppctl'] } };
  expect(asTarget(vpp)).toEqual(vpp);
  for (const dataplanes of [{ vpp: 'vppctl' }, { vpp: ['vppctl\nrm'] }, { ovs: ['x'] }, 'vpp', null])
    expect(asTarget({ ...ssh, dataplanes })).toBeUndefined();
  expect(asTarget({ ...ssh, name: '../x' })).toBeUndefined();
  expect(asTarget({ ...sandbox, sandbox: '../../etc' })).toBeUndefined();
  expect(asTarget({ ...ssh, form: { is: 'telnet' } })).toBeUndefined();
  expect(asTarget('tera')).toBeUndefined();
});
