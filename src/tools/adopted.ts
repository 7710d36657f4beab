import { isRow, textsOf } from './json.js';
import type { Step } from '../core/index.js';

/** Only read, never written on a thing: it is adopted (`before`), or would be by this plan (`now`), or could be (`could`). */
export const ADOPTED = 'topo.adopted';

/** What an engine keeps under a name and that a topology can take over. */
export type AdoptedNoun = 'container' | 'network' | 'volume';

/** Which one: `ref` is the engine's id of a container or network, a volume's name. */
export interface Adoptee {
  readonly noun: AdoptedNoun;
  readonly ref: string;
}

/** What stands in for the labels that a thing can't be given any more. */
export interface Adopted extends Adoptee {
  readonly topology: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Scripts around what was adopted: a file for each, so that actions beside each other are not in each other's way. */
export const adoptedScripts = {
  // $1 topology, $2 file. Input: its content.
  adopt: `umask 077
dir=/var/lib/topo/$1/adopted
mkdir -p "$dir" && cat >"$dir/.new-$2" && mv -f "$dir/.new-$2" "$dir/$2"`,
  // $1 topology, $2 file.
  disown: `rm -f "/var/lib/topo/$1/adopted/$2"`,
} as const;

/** Writes down on the host that a thing is of a topology from now on, with the labels that it would have had. */
export function adopt({ noun, ref, topology, labels }: Adopted, name: string): Step {
  return {
    via: 'script',
    name: 'adopt',
    args: [topology, fileOf({ noun, ref })],
    stdin: JSON.stringify({ labels }),
    mutates: true,
    label: `write down that ${noun} ${name} is adopted`,
  };
}

/** Forgets that a thing was adopted, which is gone. */
export function disown(topology: string, adoptee: Adoptee, name: string): Step {
  const args = [topology, fileOf(adoptee)];
  return {
    via: 'script',
    name: 'disown',
    args,
    mutates: true,
    label: `forget the adopted ${adoptee.noun} ${name}`,
  };
}

/** Shell function `adopted`: what topologies have adopted on this host, a line each. */
export const ADOPTED_READER = `adopted() {
  cd /var/lib/topo 2>/dev/null || return 0
  grep -s . */adopted/* /dev/null
  return 0
}`;

/** What {@link ADOPTED_READER} printed. Throws where that can't be understood. */
export function parseAdopted(text: string): readonly Adopted[] {
  return text.split('\n').flatMap(line => {
    const [, topology, noun, ref, said] =
      /^([^/]+)\/adopted\/(container|network|volume)-([^:]+):(.*)$/.exec(line) ?? [];
    if (topology === undefined || said === undefined) return [];
    const content: unknown = JSON.parse(said);
    if (!isRow(content)) throw new Error(`what ${topology} has adopted on this host can't be read: ${said}`);
    const adoptee = { noun: noun as AdoptedNoun, ref: ref! };
    return [{ topology, ...adoptee, labels: textsOf(content['labels']) }];
  });
}

function fileOf({ noun, ref }: Adoptee): string {
  return `${noun}-${ref}`;
}
