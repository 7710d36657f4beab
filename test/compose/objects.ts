import { inside } from '../support/cli.js';

/** What `docker inspect` says. */
export type Inspected = Readonly<Record<string, unknown>>;

/** All that is on an engine of a project, by names such as `container web-1`; nothing is normalised yet. */
export type Objects = Readonly<Record<string, Inspected>>;

/** The containers, networks and volumes of a project, and what other volumes its containers hold. */
export async function objectsOf(sandbox: string, project: string): Promise<Objects> {
  const filter = `label=com.docker.compose.project=${project}`;
  const list = (...argv: readonly string[]) => lines(sandbox, 'docker', ...argv, '-q', '--filter', filter);
  const [containers, networks, named] = await Promise.all([
    list('ps', '-a', '--no-trunc').then(ids => inspect(sandbox, 'container', ids)),
    list('network', 'ls', '--no-trunc').then(ids => inspect(sandbox, 'network', ids)),
    list('volume', 'ls'),
  ]);
  const places = new Map([...containers.flatMap(placesOf), ...named.map(name => [name, name] as const)]);
  const volumes = await inspect(sandbox, 'volume', [...places.keys()]);
  return Object.fromEntries([
    ...containers.map(c => [`container ${String(c['Name']).slice(1)}`, c]),
    ...networks.map(n => [`network ${String(n['Name'])}`, n]),
    ...volumes.map(v => [`volume ${places.get(String(v['Name']))}`, v]),
  ]);
}

/** The volumes that a container holds; one without a name of its own is called by where it is. */
function placesOf({ Name: container, Mounts: mounts }: Inspected): readonly (readonly [string, string])[] {
  return (mounts as readonly Readonly<Record<string, string>>[]).flatMap(
    ({ Type, Name = '', Destination }) => {
      if (Type !== 'volume') return [];
      return [
        [Name, ANONYMOUS.test(Name) ? `of ${String(container).slice(1)} at ${Destination}` : Name] as const,
      ];
    },
  );
}

/** Volumes without a name have an id for one. */
const ANONYMOUS = /^[0-9a-f]{64}$/;

/** Takes all containers, networks and volumes off an engine, whosever they are. */
export async function wipe(sandbox: string): Promise<void> {
  const remove = async (noun: string, ids: readonly string[], ...flags: readonly string[]) => {
    if (ids.length > 0) await must(sandbox, 'docker', noun, 'rm', ...flags, ...ids);
  };
  await remove('container', await lines(sandbox, 'docker', 'ps', '-aq'), '-f', '-v');
  await remove('network', await lines(sandbox, 'docker', 'network', 'ls', '-q', '--filter', 'type=custom'));
  await remove('volume', await lines(sandbox, 'docker', 'volume', 'ls', '-q'), '-f');
}

/** Runs a command in a sandbox host; throws what it said where it failed. */
export async function must(sandbox: string, ...argv: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await inside(sandbox, ...argv);
  if (code !== 0) throw new Error(`${argv.join(' ')}: ${code}: ${stderr}${stdout}`);
  return stdout;
}

async function lines(sandbox: string, ...argv: readonly string[]): Promise<readonly string[]> {
  return (await must(sandbox, ...argv)).split('\n').filter(line => line !== '');
}

async function inspect(sandbox: string, noun: string, ids: readonly string[]): Promise<readonly Inspected[]> {
  if (ids.length === 0) return [];
  return JSON.parse(await must(sandbox, 'docker', noun, 'inspect', ...ids)) as Inspected[];
}
