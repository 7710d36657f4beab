import { normalised } from './normalise.js';
import { must, objectsOf, type Objects } from './objects.js';

/** A container, a network and a volume about which nothing is said, as this engine makes them. They are gone afterwards. */
export async function plainObjects(sandbox: string): Promise<Objects> {
  const docker = (...argv: readonly string[]): Promise<string> => must(sandbox, 'docker', ...argv);
  const labels = ['--label', 'com.docker.compose.project=plain'];
  await docker('network', 'create', ...labels, 'plain');
  await docker('volume', 'create', ...labels, 'plain');
  await docker('run', '-d', '--name=plain', ...labels, '--network=plain', 'topo/busybox', 'sleep', '600');
  const objects = normalised(await objectsOf(sandbox, 'plain'), '/nowhere', sandbox);
  await docker('rm', '-f', 'plain');
  await docker('network', 'rm', 'plain');
  await docker('volume', 'rm', 'plain');
  return objects;
}
