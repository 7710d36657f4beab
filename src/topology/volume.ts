import { z } from 'zod';
import type { VolumeDeclaration } from '../core/index.js';
import { closed, key, lazily } from './blocks.js';
import {
  checkExternal,
  driverOptions,
  expandOptions,
  externalSchema,
  isExternal,
  ownName,
} from './engine-object.js';
import { environmentSchema, expandLabels } from './environment.js';
import { engineName } from './phrases.js';

export type VolumeInput = z.input<ReturnType<typeof volumeSchema>>;

/** A named volume of a stack; nothing after its name is enough. */
export const volumeSchema = lazily(() =>
  z.union([z.null(), volumeObject()]).meta({ id: 'volume', description: 'A named volume.' }),
);

/** The input has been validated. */
export function expandVolume(input: VolumeInput): VolumeDeclaration {
  const name = input ? ownName(input) : undefined;
  return {
    ...(name !== undefined && { name }),
    external: isExternal(input?.external),
    ...(input?.driver !== undefined && { driver: input.driver }),
    options: expandOptions(input?.driver_opts),
    labels: expandLabels(input?.labels),
  };
}

function volumeObject() {
  return closed({
    name: key(engineName(), "The engine's name of it; by default <project>_<name>."),
    labels: key(environmentSchema(), 'Labels.'),
    driver: key(z.string().min(1), 'The volume driver.', 'local'),
    driver_opts: key(driverOptions(), "The driver's options."),
    external: key(externalSchema(), 'Whether it is there already and not of this topology.', false),
  }).superRefine((value, context) => checkExternal('volume', value, context), {
    when: ({ value }) => value !== null,
  });
}
