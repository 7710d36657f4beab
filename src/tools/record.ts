/** `$1` topology, `$2` file: stdin becomes that file of the topology's record, whole or not at all; only root reads it. */
const RECORD_SCRIPT = `
umask 077
dir=/var/lib/topo/$1
mkdir -p "$dir" && cat >"$dir/.$2.new" && mv -f "$dir/.$2.new" "$dir/$2"
`;

/** `$1` topology: forgets it, and the parent directory where nothing else is in it. */
const FORGET_SCRIPT = `
rm -rf "/var/lib/topo/$1" || exit 1
rmdir /var/lib/topo 2>/dev/null
exit 0
`;

/** The argv that writes its stdin to a file of a topology's record (`host.json`, `applied.json`). */
export function recordArgv(topology: string, file: string): readonly string[] {
  return ['sh', '-c', RECORD_SCRIPT, 'topo-record', topology, file];
}

/** The argv that forgets a topology on a host. */
export function forgetArgv(topology: string): readonly string[] {
  return ['sh', '-c', FORGET_SCRIPT, 'topo-forget', topology];
}
