import type { ContainerSettings, EndpointSettings } from '../core/index.js';
import { isRow, numberOf, rowOf, stringsOf, textOf, textsOf, type Row } from './json.js';

/** What an engine can change of a container that is there. */

/** The limits that an engine's update call takes, by its own names. */
const LIMITS = [
  ...['CpuPeriod', 'CpuQuota', 'CpuRealtimePeriod', 'CpuRealtimeRuntime', 'CpuShares', 'CpusetCpus'],
  ...['Memory', 'MemoryReservation', 'MemorySwap', 'NanoCpus', 'PidsLimit'],
];

/** Reads the answer to `inspectContainer`. */
export function parseSettings(reply: unknown): ContainerSettings {
  const container = rowOf(reply);
  return settingsOf(rowOf(container['HostConfig']), rowOf(rowOf(container['NetworkSettings'])['Networks']));
}

/**
 * Shell, for `$files`: what is of interest here of the files that an engine has of containers. The environment stands in them too and is
 * left where it is; a quote inside a text has a backslash before it there, so that no text passes for a key.
 */
export const SETTINGS_READER = `
    grep -oHsE '"Networks":\\{.*\\},"Service":' $files
    grep -oHsE '"RestartPolicy":\\{[^}]*\\}|"CpusetCpus":"[^"]+"|"(${LIMITS.join('|')})":-?[1-9][0-9]*' \
      $(echo "$files" | sed 's/config\\.v2\\.json$/hostconfig.json/')`;

/** What {@link SETTINGS_READER} printed, by container id. A line that can't be read is as if it were not there. */
export function parseSettingsLines(text: string): Readonly<Record<string, ContainerSettings>> {
  const hosts = new Map<string, Row>();
  const networks = new Map<string, Row>();
  for (const line of text.split('\n')) {
    const [, id, file, found] = /\/containers\/([0-9a-f]{64})\/(\w+)[.\w]*\.json:(".*)$/.exec(line) ?? [];
    if (id === undefined || found === undefined) continue;
    const part = parsed(found);
    if (file === 'hostconfig') hosts.set(id, { ...hosts.get(id), ...part });
    else if (part && 'Networks' in part) networks.set(id, rowOf(part['Networks']));
  }
  const both = [...hosts].filter(([id]) => networks.has(id)).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(both.map(([id, host]) => [id, settingsOf(host, networks.get(id)!)]));
}

/** `"Memory":5` and `"Networks":{…},"Service":` as an object. */
function parsed(found: string): Row | undefined {
  try {
    const value: unknown = JSON.parse(`{${found.replace(/,"Service":$/, '')}}`);
    return isRow(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function settingsOf(host: Row, networks: Row): ContainerSettings {
  const policy = rowOf(host['RestartPolicy']);
  return {
    restart: { name: textOf(policy['Name']) || 'no', retries: numberOf(policy['MaximumRetryCount'], 0) },
    limits: limitsOf(host),
    networks: Object.fromEntries(Object.entries(networks).map(([n, e]) => [n, endpointOf(rowOf(e))])),
  };
}

/** The limits in the part of a create call, or of an inspection, that is about the host; what is not limited is left out. */
export function limitsOf(host: Row): ContainerSettings['limits'] {
  const set = LIMITS.flatMap(name => {
    const value = host[name];
    return typeof value === 'number' || typeof value === 'string' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(set.filter(([, value]) => value !== 0 && value !== ''));
}

function endpointOf(endpoint: Row): EndpointSettings {
  return {
    aliases: stringsOf(endpoint['Aliases']),
    links: stringsOf(endpoint['Links']),
    linkLocal: stringsOf(rowOf(endpoint['IPAMConfig'])['LinkLocalIPs']),
    options: textsOf(endpoint['DriverOpts']),
    gatewayPriority: numberOf(endpoint['GwPriority'], 0),
  };
}
