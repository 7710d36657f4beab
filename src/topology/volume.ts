import { z } from 'zod';
import type { VolumeDeclaration } from '../core/index.js';
import { closed, key, later, lazily } from './blocks.js';
import { environmentSchema, expandLabels } from './environment.js';
import { engineName } from './phrases.js';

export type VolumeInput = z.input<ReturnType<typeof volumeSchema>>;

/** A named volume of a stack; nothing after its name is enough. */
export const volumeSchema = lazily(() =>
  z
    .union([
      z.null(),
      closed({
        name: key(engineName(), "The engine's name of it; by default <project>_<name>."),
        labels: key(environmentSchema(), 'Labels.'),
        driver: later(z.string(), 'The volume driver.'),
        driver_opts: later(z.looseObject({}), "The driver's options."),
        external: later(z.boolean(), 'Whether it is there already and not of this topology.'),
      }),
    ])
    .meta({ id: 'volume', description: 'A named volume.' }),
);

/** The input has been validated. */
export function expandVolume(input: VolumeInput): VolumeDeclaration {
  return { ...(input?.name !== undefined && { name: input.name }), labels: expandLabels(input?.labels) };
}
