/** Of what {@link serve} gives out: twenty million bytes of `yes topo`. */
export const CHECKSUM = '355fe6b102a37011c6563dddc38edc35';

/** For `sh` on a host: has whoever is in the given namespaces give out 20 MB on TCP port 7000. */
export function serve(namespaces: readonly string[]): string {
  return `mkdir /run/any && yes topo | head -c 20000000 >/run/any/file
for netns in ${namespaces.map(path => `"${path}"`).join(' ')}; do
  nsenter --net="$netns" busybox httpd -p 7000 -h /run/any
done`;
}

/** One who speaks, and whom to. */
export interface Speech {
  readonly number: number;
  readonly netns: string;
  readonly address: string;
  readonly mtu: number;
}

/** For `sh` on a host: a ping with DF at the full MTU, then the 20 MB, one after the other. Prints a line for each. */
export function speak(all: readonly Speech[]): string {
  const lines = all.map(s => `speak ${s.number} "${s.netns}" ${s.address} ${s.mtu}`);
  return [SPEAK, ...lines].join('\n');
}

const SPEAK = `speak() {
  pinged=pinged
  nsenter --net="$2" ping -n -q -c 1 -W 2 -M do -s "$(($4 - 28))" "$3" >/dev/null 2>&1 || pinged='not pinged'
  sum=$(nsenter --net="$2" timeout 20 busybox wget -qO- "http://$3:7000/file" 2>/dev/null | md5sum)
  printf '%s %s with %s, %s\\n' "$1" "$pinged" "$4" "\${sum%% *}"
}`;

/** What {@link speak} says of each by its number, where all went well among them. */
export function parseSpeech(text: string): ReadonlyMap<number, string> {
  return new Map([...text.matchAll(/^(\d+) (.*)$/gm)].map(([, n, said = '']) => [Number(n), said]));
}
