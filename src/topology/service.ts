import { z } from 'zod';
import { NETMAP_DEVICE } from '../core/index.js';
import type { DocPath, RestartPolicy, ServiceDeclaration, ServiceSettings } from '../core/index.js';
import { closed, complain, ignored, isMap, key, lazily, text } from './blocks.js';
import { buildSchema, expandBuild } from './build.js';
import { commandSchema, expandCommand } from './command.js';
import { environmentSchema, expandEnvironment, expandLabels } from './environment.js';
import { expandMemberships, membershipsSchema } from './membership.js';
import { expandInterface } from './interface.js';
import { expandMount, mountSchema } from './mount.js';
import { expandFileUse, fileUseSchema } from './file-object.js';
import { engineName } from './phrases.js';
import { expandJoins, joinKeys } from './service-joins.js';
import { expandPort, portSchema } from './port.js';
import { expandPullPolicy, pullPolicy } from './pull-policy.js';
import { checkDeploy, deploySchema, expandReservedDevices, expandRestartPolicy } from './service-deploy.js';
import { IGNORED_SERVICE_KEYS } from './service-later.js';
import { expandDependencies, expandHooks, lifeKeys } from './service-life.js';
import { expandFixedLimits, expandLimits, limitKeys } from './service-limits.js';
import { expandProcess, processKeys } from './service-process.js';
import { expandResolver, resolverKeys } from './service-resolver.js';
import { expandRights, rightsKeys } from './service-rights.js';
import { given } from './given.js';
import { whole } from './sizes.js';
import { sourceKeys } from './service-sources.js';
import { topoServiceKeys } from './service-topo.js';
import type { Surroundings } from './surroundings.js';
import { expandUserspace } from './userspace.js';

export type ServiceInput = z.input<ReturnType<typeof serviceSchema>>;

/** A service, with Compose's keys and topo's own. */
export const serviceSchema = lazily(() =>
  closed({
    image: key(
      text({ what: 'an image reference', test: /^[^\s]+$/, examples: ['nginx:alpine'] }),
      'The image; by default <project>-<service> where it is built.',
    ),
    build: key(buildSchema(), "How the image is built on the stack's engine."),
    command: key(commandSchema(), "What is run; by default the image's."),
    entrypoint: key(commandSchema(), "What the command is an argument of; by default the image's."),
    environment: key(environmentSchema(), "Environment; a name without a value is taken from topo's own."),
    networks: key(
      z.union([z.array(z.string()), membershipsSchema()]),
      'Networks of the stack; by default the one named default.',
    ),
    ports: key(z.array(portSchema()), 'Published ports.'),
    labels: key(environmentSchema(), 'Labels.'),
    restart: key(restart(), 'What happens when it ends.', 'no'),
    volumes: key(z.array(mountSchema()), 'Mounts.'),
    pull_policy: key(
      pullPolicy(),
      'Where the image is taken from; push: from the engine of this machine.',
      'missing',
    ),
    configs: key(z.array(fileUseSchema()), 'Configs of the stack, by default in the root.'),
    secrets: key(z.array(fileUseSchema()), 'Secrets of the stack, by default in /run/secrets.'),
    container_name: key(engineName(), "The container's name; by default <project>-<service>-1."),
    scale: key(whole(0), 'How many containers.', 1),
    deploy: key(
      z.union([z.null(), deploySchema()]),
      'How many containers, and what of the machine they may use.',
    ),
    ...limitKeys(),
    ...lifeKeys(),
    ...processKeys(),
    ...joinKeys(),
    ...rightsKeys(),
    ...resolverKeys(),
    ...topoServiceKeys(),
    ...sourceKeys(),
    ...Object.fromEntries(IGNORED_SERVICE_KEYS.map(name => [name, ignored()])),
  })
    .superRefine(checkNetworkMode, { when: ({ value }) => isMap(value) })
    .superRefine(checkDeploy, { when: ({ value }) => isMap(value) })
    .meta({ id: 'service', description: 'A container, with the keys of Compose and of topo.' }),
);

/** The input has been validated. */
export function expandService(input: ServiceInput, around: Surroundings, path: DocPath): ServiceDeclaration {
  const command = expandCommand(input.command);
  const entrypoint = expandCommand(input.entrypoint);
  const networks = expandMemberships(input.networks);
  return {
    ...(input.image !== undefined && { image: input.image }),
    ...(input.build !== undefined && { build: expandBuild(input.build, around) }),
    ...(input.container_name !== undefined && { containerName: input.container_name }),
    replicas: Number(input.scale ?? input.deploy?.replicas ?? 1),
    ...(command && { command }),
    ...(entrypoint && { entrypoint }),
    environment: expandEnvironment(input.environment),
    ...(networks && { networks }),
    ports: (input.ports ?? []).flatMap(expandPort),
    labels: expandLabels(input.labels),
    restart: expandRestartPolicy(input.deploy) ?? expandRestart(input.restart),
    volumes: (input.volumes ?? []).map(mount => expandMount(mount, around.directory, around.home)),
    files: [
      ...(input.configs ?? []).map(use => expandFileUse('config', use)),
      ...(input.secrets ?? []).map(use => expandFileUse('secret', use)),
    ],
    pullPolicy: expandPullPolicy(input.pull_policy),
    dependsOn: expandDependencies(input),
    interfaces: (input.interfaces ?? []).map((one, i) => expandInterface(one, [...path, 'interfaces', i])),
    waitForInterfaces: input.wait_for_interfaces ?? false,
    ...(input.userspace && { userspace: expandUserspace(input.userspace) }),
    postStart: expandHooks(input),
    limits: expandLimits(input, input.deploy),
    settings: expandSettings(input),
  };
}

function expandSettings(input: ServiceInput): ServiceSettings {
  const fixed = {
    ...expandProcess(input),
    ...expandJoins(input),
    ...expandRights(input),
    ...expandResolver(input),
  };
  const devices = given({
    reservedDevices: expandReservedDevices(input.deploy),
    devices: input.netmap ? [...(fixed.devices ?? []), NETMAP_DEVICE] : undefined,
  });
  return { ...fixed, ...expandFixedLimits(input), ...devices };
}

/** What goes with `network_mode`: no networks, and ports only where the engine makes a network for it. */
function checkNetworkMode(value: Record<string, unknown>, context: z.RefinementCtx): void {
  const { network_mode: mode } = value;
  if (typeof mode !== 'string') return;
  const against = mode === 'bridge' ? ['networks'] : ['networks', 'ports'];
  for (const other of against.filter(name => !isEmpty(value[name]))) {
    const summary = `network_mode: ${mode} and ${other} exclude each other`;
    complain(context, { is: 'said', code: 'key.conflict', summary, hint: `leave ${other} out`, at: 'key' }, [
      other,
    ]);
  }
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || Object.keys(value).length === 0;
}

function restart(): z.ZodString {
  return text({
    what: 'one of no, always, unless-stopped, on-failure and on-failure:N',
    test: /^(no|always|unless-stopped|on-failure(:[1-9]\d{0,5})?)$/,
    hint: value =>
      /^on[-_]?failure/i.test(value)
        ? 'perhaps on-failure'
        : /^unless/i.test(value)
          ? 'perhaps unless-stopped'
          : undefined,
  });
}

function expandRestart(input = 'no'): RestartPolicy {
  const [name, retries] = input.split(':') as [RestartPolicy['name'], string | undefined];
  return { name, ...(retries !== undefined && { retries: Number(retries) }) };
}
