import { z } from 'zod';
import type { SwitchDeclaration } from '../core/index.js';
import { lazily, notYet } from './blocks.js';
import { bridgeSchema, expandBridge } from './bridge.js';
import { switchObject } from './switch-common.js';
import { valeKeys } from './vale.js';
import { expandVde, vdeSchema } from './vde.js';
import { expandVpp, vppSchema } from './vpp.js';
import { expandVxlan, vxlanSchema } from './vxlan.js';

export type SwitchInput = z.input<ReturnType<typeof switchSchema>>;

/** A switch of any kind; `kind` says which. */
export const switchSchema = lazily(() =>
  z
    .discriminatedUnion('kind', [
      vxlanSchema(),
      bridgeSchema(),
      vppSchema(),
      switchObject(unbuilt('vale'), valeKeys()),
      vdeSchema(),
    ])
    .meta({ id: 'switch', description: 'Something that stacks, interfaces and links are attached to.' }),
);

/** The input has been validated: kinds that are not built were refused. */
export function expandSwitch(input: SwitchInput, name: string): SwitchDeclaration {
  switch (input.kind) {
    case 'bridge':
      return expandBridge(input);
    case 'vde':
      return expandVde(input);
    case 'vpp':
      return expandVpp(input, name);
    default:
      return expandVxlan(input as Extract<SwitchInput, { kind: 'vxlan' }>);
  }
}

function unbuilt<K extends string>(kind: K): z.ZodLiteral<K> {
  return notYet(z.literal(kind), `a switch of kind ${kind} is`, 'vxlan, bridge, vpp and vde are there');
}
