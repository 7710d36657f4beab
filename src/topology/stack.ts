import { z } from 'zod';
import { closed, key, lazily, table, text } from './blocks.js';
import { configSchema, secretSchema } from './file-object.js';
import { networkSchema } from './network.js';
import { composeName } from './phrases.js';
import { serviceSchema } from './service.js';
import { composeKeys } from './service-sources.js';
import { volumeSchema } from './volume.js';

/** Services of one host that belong together. */
export const stackSchema = lazily(() =>
  closed({
    host: z.string().describe('The host it is on.'),
    project: key(projectName(), 'The Compose project; by default <topology>-<stack>.'),
    networks: key(table(composeName(), networkSchema()), 'Docker networks.'),
    volumes: key(table(composeName(), volumeSchema()), 'Named volumes.'),
    configs: key(table(composeName(), configSchema()), 'Files for services.'),
    secrets: key(table(composeName(), secretSchema()), 'Secret files for services.'),
    services: key(table(composeName(), serviceSchema()), 'Services.'),
    ...composeKeys(),
  }).meta({ id: 'stack', description: 'Services of one host that belong together, as in a Compose file.' }),
);

function projectName() {
  return text({
    what: 'a project name: small letters, digits, "_" and "-", of which the first is a letter or digit',
    test: /^[a-z0-9][a-z0-9_-]{0,62}$/,
    code: 'name.invalid',
    hint: value => (/[A-Z]/.test(value) ? `perhaps ${value.toLowerCase()}` : undefined),
  });
}
