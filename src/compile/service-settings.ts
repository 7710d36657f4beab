import type { DeviceDeclaration, DeviceReservation, Healthcheck, ServiceSettings } from '../core/index.js';
import type { Digest } from './digest.js';

type Body = Readonly<Record<string, unknown>>;

/** What a service's settings are in the body of the engine's create call: the container's own part of it. */
export function settingsConfig(settings: ServiceSettings): Body {
  const { stopGracePeriod: grace, healthcheck } = settings;
  return withValues({
    Hostname: settings.hostname,
    Domainname: settings.domainname,
    User: settings.user,
    WorkingDir: settings.workingDir,
    Tty: settings.tty,
    OpenStdin: settings.stdinOpen,
    StopSignal: settings.stopSignal,
    StopTimeout: grace === undefined ? undefined : Math.ceil(grace / 1000),
    Healthcheck: healthcheck && healthBody(healthcheck),
  });
}

/** … and the part of it that is about the host. */
export function settingsHostConfig(settings: ServiceSettings): Body {
  const { logging } = settings;
  return withValues({
    Init: settings.init,
    Privileged: settings.privileged,
    ReadonlyRootfs: settings.readOnly,
    CapAdd: settings.capAdd,
    CapDrop: settings.capDrop,
    SecurityOpt: settings.securityOpt,
    GroupAdd: settings.groupAdd,
    Devices: settings.devices?.map(deviceBody),
    Sysctls: settings.sysctls,
    Ulimits: settings.ulimits && ulimitsBody(settings.ulimits),
    ShmSize: settings.shmSize,
    Tmpfs: settings.tmpfs,
    Links: settings.links,
    VolumesFrom: settings.volumesFrom,
    Dns: settings.dns,
    DnsOptions: settings.dnsOpt,
    DnsSearch: settings.dnsSearch,
    ExtraHosts: settings.extraHosts,
    LogConfig: logging && { Type: logging.driver ?? '', Config: logging.options },
    PidMode: settings.pid,
    IpcMode: settings.ipc,
    MemorySwappiness: settings.memSwappiness,
    OomKillDisable: settings.oomKillDisable,
    OomScoreAdj: settings.oomScoreAdj,
    DeviceRequests: settings.reservedDevices?.map(requestBody),
  });
}

/** The settings by Compose's names, as they may be read by all: log drivers are given tokens by their options. */
export function redactedSettings(settings: ServiceSettings, digest: Digest): Record<string, unknown> {
  const { logging, ...open } = settings;
  const options = Object.entries(logging?.options ?? {}).map(([name, value]) => [name, digest(value)]);
  return {
    ...Object.fromEntries(Object.entries(open).map(([name, value]) => [composeName(name), value])),
    ...(logging && { logging: { ...logging, options: Object.fromEntries(options) as unknown } }),
  };
}

function healthBody(check: Healthcheck): Body {
  return withValues({
    Test: check.test,
    Interval: nanoseconds(check.interval),
    Timeout: nanoseconds(check.timeout),
    StartPeriod: nanoseconds(check.startPeriod),
    StartInterval: nanoseconds(check.startInterval),
    Retries: check.retries,
  });
}

function nanoseconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : Math.round(milliseconds * 1e6);
}

function deviceBody({ host, container, permissions }: DeviceDeclaration): Body {
  return { PathOnHost: host, PathInContainer: container, CgroupPermissions: permissions };
}

function requestBody({ driver = '', count, ids = [], capabilities, options }: DeviceReservation): Body {
  return { Driver: driver, Count: count, DeviceIDs: ids, Capabilities: [capabilities], Options: options };
}

function ulimitsBody(limits: NonNullable<ServiceSettings['ulimits']>): readonly Body[] {
  return Object.entries(limits).map(([Name, { soft, hard }]) => ({ Name, Soft: soft, Hard: hard }));
}

function composeName(camel: string): string {
  return camel.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
}

function withValues(body: Body): Body {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}
