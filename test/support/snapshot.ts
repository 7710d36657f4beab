import { execFile } from 'node:child_process';

/**
 * Lists everything that topo could leave behind, in the namespaces that the shell runs in: links, addresses, routes,
 * neighbours, FDB, rules, containers, networks, volumes, images, processes, namespaces, mounts and files. Names and
 * settings only, no counters, no ages and no logins on their way (another listing may go through this host): two listings of an
 * untouched host are equal.
 */
const SNAPSHOT_SCRIPT = `
section() { printf '== %s\\n' "$1"; }
section links; ip -d -o link | sed -E 's/^[0-9]+: //; s/ qlen [0-9]+//; s/(gso|gro|tso)[a-z0-9_]* [0-9]+//g' | grep -v '^lo:' | cut -c1-400 | sort
section addresses; ip -o address | awk '{print $2, $3, $4}' | sort
section routes; ip route show table all | grep -v '^broadcast\\|^local' | sort; ip -6 route show table all 2>/dev/null | grep -v '^local' | awk '{print $1,$2,$3,$4,$5}' | sort
section neighbours; ip neigh show nud permanent | sort
section fdb; bridge fdb show | grep -v '^33:33\\|^01:00:5e' | sort
section iptables; iptables-save 2>/dev/null | sed -E '/^#/d; s/\\[[0-9]+:[0-9]+\\]//'
section ip6tables; ip6tables-save 2>/dev/null | sed -E '/^#/d; s/\\[[0-9]+:[0-9]+\\]//'
section nft; nft -s list tables 2>/dev/null | sort
section namespaces; ls /run/netns 2>/dev/null
section mounts; awk '{print $2}' /proc/self/mounts | grep -E '/run/topo|/var/lib/topo|/run/netns|/run/docker/netns|/var/lib/docker' | sort
section files; find /run/topo /var/lib/topo -maxdepth 2 2>/dev/null | sort
if [ -S /run/docker.sock ]; then
  get() { curl -s --max-time 20 --unix-socket /run/docker.sock "http://d$1"; }
  section containers; get '/containers/json?all=1' | grep -o '"Names":\\[[^]]*\\]' | sort
  section networks; get /networks | grep -o '"Name":"[^"]*","Id":"[^"]*"' | sort
  section volumes; get /volumes | grep -o '"Name":"[^"]*"' | sort
fi
section processes
self=$(readlink /proc/self/ns/net)
for p in /proc/[0-9]*; do
  [ "$(readlink "$p/ns/net" 2>/dev/null)" = "$self" ] && [ -n "$(readlink "$p/exe" 2>/dev/null)" ] && tr '\\0' ' ' <"$p/cmdline" 2>/dev/null | cut -c1-60 && echo
done | grep -E 'dockerd|containerd|docker-proxy|sshd: |/sshd|vde_|wireguard|httpd|topo' | grep -vE 'sshd: ([a-z]+(@|$| )|\\[(accepted|net)\\])|vitest|run\\.js|node |grep -E' | sed 's/  *$//' | sort | uniq -c
`;

/** Runs argv and gives its output; a failure of any kind is an error. */
function capture(argv: readonly string[], stdin: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(argv[0]!, argv.slice(1), { maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      error ? reject(new Error(`${argv.join(' ')}: ${error.message}\n${stderr}`)) : resolve(stdout),
    );
    child.stdin!.end(stdin);
  });
}

/** The listing of this machine, or of a host reached by the given command prefix (`['ssh', '-F', config, 'host']`). */
export async function snapshot(reach: readonly string[] = []): Promise<string> {
  return capture([...reach, 'sh', '-s'], SNAPSHOT_SCRIPT);
}
