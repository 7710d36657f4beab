import { z } from 'zod';
import type { SwitchDeclaration } from '../core/index.js';
import { lazily } from './blocks.js';
import { bridgeSchema, expandBridge } from './bridge.js';
import { expandVale, valeSchema } from './vale.js';
import { expandVde, vdeSchema } from './vde.js';
import { expandVpp, vppSchema } from './vpp.js';
import { expandVxlan, vxlanSchema } from './vxlan.js';

export type SwitchInput = z.input<ReturnType<typeof switchSchema>>;

/** A switch of any kind; `kind` says which. */
export const switchSchema = lazily(() =>
  z
    .discriminatedUnion('kind', [vxlanSchema(), bridgeSchema(), vppSchema(), valeSchema(), vdeSchema()])
    .meta({ id: 'switch', description: 'Something that stacks, interfaces and links are attached to.' }),
);

/** The input has been validated. */
export function expandSwitch(input: SwitchInput, name: string): SwitchDeclaration {
  switch (input.kind) {
    case 'bridge':
      return expandBridge(input);
    case 'vale':
      return expandVale(input);
    case 'vde':
      return expandVde(input);
    case 'vpp':
      return expandVpp(input, name);
    case 'vxlan':
      return expandVxlan(input);
  }
}
