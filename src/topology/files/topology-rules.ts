import { COMPOSE_RULE } from '../compose/rules.js';
import type { Origins, Plain } from '../locate.js';
import { asNames } from './forms.js';
import type { Rule } from './merge.js';
import { mapOf } from './parts.js';

/** How topology files go together. A list of topo's own is one value, such as the addresses of a host; Compose's append. */
export const TOPOLOGY_RULE: Rule = {
  lists: 'replace',
  keys: {
    hosts: { each: { form: hostForm, instead: [['local', 'sandbox', 'ssh', 'context']] } },
    switches: { each: { keys: { hosts: { form: asNames() } } } },
    stacks: { each: { ...COMPOSE_RULE, keys: { ...COMPOSE_RULE.keys, compose: { replace: true } } } },
    links: { lists: 'append' },
    checks: { lists: 'append' },
  },
};

/** `local`, `sandbox` and `ssh://…` in their object form. */
function hostForm(plain: Plain, origins: Origins): Plain {
  const { value, spot } = plain;
  if (typeof value !== 'string') return plain;
  if (value === 'local' || value === 'sandbox') return mapOf([[value, { value: true, spot }]], spot, origins);
  return mapOf([['ssh', plain]], spot, origins);
}
