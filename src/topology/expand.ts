import type { DocPath, FileDeclaration, StackDeclaration, Topology } from '../core/index.js';
import { entriesAt, valueAt } from './at.js';
import { isMap } from './blocks.js';
import { expandCheck } from './check.js';
import type { CheckInput } from './check.js';
import { expandHost } from './host.js';
import type { HostInput } from './host.js';
import { expandFile } from './file-object.js';
import type { FileInput } from './file-object.js';
import { expandLink } from './link.js';
import type { LinkInput } from './link.js';
import { expandNetwork } from './network.js';
import type { NetworkInput } from './network.js';
import { expandService } from './service.js';
import type { ServiceInput } from './service.js';
import type { Surroundings } from './surroundings.js';
import { expandSwitch } from './switch.js';
import type { SwitchInput } from './switch.js';
import { expandVolume } from './volume.js';
import type { VolumeInput } from './volume.js';

/** What to leave out: elements that something is wrong with. */
export type Wrong = (path: DocPath) => boolean;

/**
 * The topology with every short form written out. Elements that are wrong are left out, so that what else is wrong with the
 * rest can be told in the same run; where nothing is wrong, nothing is left out.
 */
export function expandTopology(root: unknown, around: Surroundings, wrong: Wrong): Topology {
  const checks = isMap(root) && Array.isArray(root['checks']) ? (root['checks'] as CheckInput[]) : [];
  const links = isMap(root) && Array.isArray(root['links']) ? (root['links'] as LinkInput[]) : [];
  return {
    name: isMap(root) && !wrong(['name']) ? String(root['name']) : '',
    directory: around.directory,
    hosts: expanded<HostInput, ReturnType<typeof expandHost>>(root, ['hosts'], wrong, expandHost),
    stacks: Object.fromEntries(
      entriesAt(root, ['stacks'])
        .filter(([name, stack]) => isMap(stack) && typeof stack['host'] === 'string' && name !== '')
        .map(([name]) => [name, expandStack(root, name, aroundStack(name, around), wrong)]),
    ),
    switches: expanded<SwitchInput, ReturnType<typeof expandSwitch>>(root, ['switches'], wrong, expandSwitch),
    links: links.flatMap((link, i) => (wrong(['links', i]) ? [] : [expandLink(link, ['links', i])])),
    checks: checks.flatMap((check, i) => (wrong(['checks', i]) ? [] : [expandCheck(check, ['checks', i])])),
  };
}

function aroundStack(name: string, around: Surroundings): Surroundings {
  return { ...around, variable: around.stacks.get(name) ?? around.variable };
}

function expandStack(root: unknown, name: string, around: Surroundings, wrong: Wrong): StackDeclaration {
  const path = ['stacks', name];
  const { host, project } = valueAt(root, path) as { host: string; project?: string };
  return {
    host,
    ...(typeof project === 'string' && !wrong([...path, 'project']) && { project }),
    networks: expanded<NetworkInput, ReturnType<typeof expandNetwork>>(
      root,
      [...path, 'networks'],
      wrong,
      expandNetwork,
    ),
    volumes: expanded<VolumeInput, ReturnType<typeof expandVolume>>(
      root,
      [...path, 'volumes'],
      wrong,
      expandVolume,
    ),
    configs: expanded<FileInput, FileDeclaration>(root, [...path, 'configs'], wrong, f =>
      expandFile(f, around),
    ),
    secrets: expanded<FileInput, FileDeclaration>(root, [...path, 'secrets'], wrong, f =>
      expandFile(f, around),
    ),
    services: expanded<ServiceInput, ReturnType<typeof expandService>>(
      root,
      [...path, 'services'],
      wrong,
      (service, name) => expandService(service, around, [...path, 'services', name]),
    ),
  };
}

/** The map at a path with each of its values written out, but those that are wrong. */
function expanded<I, O>(
  root: unknown,
  path: DocPath,
  wrong: Wrong,
  expand: (input: I, name: string) => O,
): Record<string, O> {
  const sound = entriesAt(root, path).filter(([name]) => !wrong([...path, name]));
  return Object.fromEntries(sound.map(([name, value]) => [name, expand(value as I, name)]));
}
