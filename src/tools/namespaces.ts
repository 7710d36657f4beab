import type { Namespace } from '../core/index.js';
import { parseLinks, parseMixedRoutes } from './ip-json.js';
import { IMPAIRING, parseQdiscs } from './tc.js';

/** Kinds of which something stands inside containers: where one of them was applied before, the containers are looked into. */
const INSIDE = ['macvlan', 'tap', 'tunnel', 'veth'];

/**
 * Shell function `namespaces WHETHER`: looks into the network namespaces of the engine's running containers if it is told to, or
 * if `$topology` has put something there. Prints `in ID PATH` for each container, then for each namespace `space PATH` and two lines
 * of JSON, or three where something there impairs. Which container is where is told by the cgroups of processes, the last id on each line: a container may hold an engine.
 */
export const NAMESPACES_READER = `namespaces() {
  [ -n "$1" ] || grep -qsE '"[^"/]+/(${INSIDE.join('|')})/' "/var/lib/topo/$topology/applied.json" || return 0
  paths=$(stat -L -c 'n %i %n' /run/docker/netns/* 2>/dev/null)
  ids=$(grep -sHoE '[0-9a-f]{64}' /proc/[0-9]*/cgroup | awk -F '[/:]' '
    { id[$3] = $5 }
    END {
      for (pid in id) if (!(id[pid] in first) || pid + 0 < first[id[pid]]) first[id[pid]] = pid + 0
      for (i in first) print "c", i, first[i]
    }')
  [ -n "$paths" ] && [ -n "$ids" ] || return 0
  set -- $(printf '%s\n' "$ids" | awk '{ print "/proc/" $3 "/ns/net" }')
  there=$( {
    printf '%s\n' "$paths"; stat -L -c 'p %i %n' "$@" 2>/dev/null; printf '%s\n' "$ids"
  } | awk '
    $1 == "n" { path[$2] = $3 }
    $1 == "p" { split($3, part, "/"); inode[part[3]] = $2 }
    $1 == "c" && inode[$3] in path { print "in", $2, path[inode[$3]] }')
  printf '%s\n' "$there"
  for path in $(printf '%s\n' "$there" | awk '!seen[$3]++ { print $3 }'); do
    links=$(nsenter --net="$path" ip -d -j address show) || continue # it ended meanwhile
    routes=$(nsenter --net="$path" ip -N -j route show table all)
    printf 'space %s\n%s\n%s\n' "$path" "$links" "$routes"
    case $links in ${IMPAIRING.map(kind => `*'"qdisc":"${kind}"'*`).join(' | ')}) nsenter --net="$path" tc -j qdisc show; echo ;; esac
  done
}`;

/** What that function printed, sorted by the first container of each. */
export function parseNamespaces(text: string): readonly Namespace[] {
  const lines = text.split('\n');
  const inside = lines.flatMap(line => {
    const [word, id = '', path = ''] = line.split(' ');
    return word === 'in' ? [{ id, path }] : [];
  });
  const spaces = lines.flatMap((line, i): readonly Namespace[] => {
    if (!line.startsWith('space ')) return [];
    const path = line.slice('space '.length);
    const containers = inside.filter(c => c.path === path).map(c => c.id);
    const [links = '', routes = '', queues = ''] = lines.slice(i + 1, i + 4);
    const qdiscs = parseQdiscs(queues.startsWith('[') ? queues : '');
    return [
      {
        path,
        containers: containers.sort(),
        links: parseLinks(links, qdiscs),
        routes: parseMixedRoutes(routes),
      },
    ];
  });
  return [...spaces].sort((a, b) => ((a.containers[0] ?? '') < (b.containers[0] ?? '') ? -1 : 1));
}
