import type { PortDeclaration, ResolvedService } from '../core/index.js';
import { imageReference, limitsBody } from '../tools/index.js';
import type { Digest } from './digest.js';
import { redactedHooks } from './hooks.js';
import { redactedMemberships } from './service-endpoints.js';
import { redactedFiles, volumesForFiles } from './service-files.js';
import { mountsBody } from './service-mounts.js';
import { redactedSettings, settingsConfig, settingsHostConfig } from './service-settings.js';

/** The body of the Engine's `POST /containers/create` for a service, without topo's own marks. */
export function createBody(
  service: ResolvedService,
  labels: Readonly<Record<string, string>>,
  networkName: (key: string) => string,
): Record<string, unknown> {
  const first = service.networks[0];
  return {
    Image: service.image,
    AttachStdout: true,
    AttachStderr: true,
    ...(service.command && { Cmd: service.command }),
    ...(service.entrypoint && { Entrypoint: service.entrypoint }),
    Env: Object.entries(service.environment).map(([key, value]) =>
      value === null ? key : `${key}=${value}`,
    ),
    Labels: labels,
    ExposedPorts: exposed(service),
    ...macAddress(service),
    HostConfig: {
      NetworkMode: first ? networkName(first.key) : (service.settings.networkMode ?? 'none'),
      PortBindings: portBindings(service.ports),
      RestartPolicy: { Name: service.restart.name, MaximumRetryCount: service.restart.retries ?? 0 },
      ...mountsBody([...service.mounts, ...fileMounts(service)]),
      ...limitsBody(service.limits),
      ...settingsHostConfig(service.settings),
    },
    ...settingsConfig(service.settings),
  };
}

/**
 * What of a service a container can't have otherwise than by being made anew, as it may stand in a label for all to read: environment values
 * only as keyed digests. Restart policy, limits and networks are looked at as they are.
 */
export function redactedSpec(service: ResolvedService, digest: Digest): Record<string, unknown> {
  return {
    image: imageReference(service.image),
    ...(service.command && { command: service.command }),
    ...(service.entrypoint && { entrypoint: service.entrypoint }),
    environment: Object.fromEntries(
      Object.entries(service.environment).map(([k, v]) => [k, v === null ? null : digest(v)]),
    ),
    labels: service.labels,
    ports: service.ports,
    volumes: service.mounts,
    ...redactedFiles(service.files, digest),
    ...(service.postStart.length > 0 && { post_start: redactedHooks(service.postStart, digest) }),
    ...redactedMemberships(service.networks),
    ...redactedSettings(service.settings, digest),
  };
}

function fileMounts(service: ResolvedService): ResolvedService['mounts'] {
  return volumesForFiles(service).map(target => ({ type: 'volume', target, readOnly: false }));
}

/** What says so in words, and every published port. */
function exposed({ ports, settings }: ResolvedService): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...ports.map(portKey), ...(settings.expose ?? [])].map(key => [key, {}]));
}

/** Engines before 25 know the address of the whole container only, newer ones take it as that on its first network. */
function macAddress({ networks, settings }: ResolvedService): { readonly MacAddress?: string } {
  const mac = networks[0] === undefined ? settings.macAddress : networks[0].mac;
  return mac === undefined ? {} : { MacAddress: mac };
}

function portKey(port: PortDeclaration): string {
  return `${port.container}/${port.protocol}`;
}

function portBindings(
  ports: readonly PortDeclaration[],
): Record<string, { HostIp: string; HostPort: string }[]> {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const port of ports) {
    const ends = [port.host, port.hostEnd].filter(end => end !== undefined);
    const binding = { HostIp: port.hostIp ?? '', HostPort: ends.join('-') };
    (bindings[portKey(port)] ??= []).push(binding);
  }
  return bindings;
}
