import type { Family, IptablesRules, Step } from '../core/index.js';

/** One rule to stand at the top of its chain: the words between the chain's name and the comment. */
export interface AcceptLine {
  readonly chain: string;
  readonly match: readonly string[];
  /** `docker`: only where `filter` has DOCKER-USER; `closed`: only where it has not, and FORWARD's policy is DROP. */
  readonly where?: 'docker' | 'closed';
}

const BUILT_IN = new Set(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']);

/**
 * With nftables behind it iptables makes a whole `raw` for the first rule and leaves it when the last one goes; where nobody
 * else uses it, nothing of it shall stay. `delete chain` refuses a chain that has got a rule since it was looked at.
 */
const forgetEmptyRaw = `[ "$program" = iptables ] && family=ip || family=ip6
left=$(nft list table "$family" raw 2>/dev/null) || exit 0
printf '%s\\n' "$left" | grep -vqE '^(table .*|.chain (PREROUTING|OUTPUT) \\{|.*type filter hook .* policy accept;|.?\\}|)$' && exit 0
{ printf '%s\\n' "$left" | sed -n "s/^.chain \\(.*\\) {/delete chain $family raw \\1/p"; echo "delete table $family raw"; } | nft -f - 2>/dev/null
exit 0`;

/** Scripts around `iptables`. */
export const iptablesScripts = {
  // $1 iptables or ip6tables, $2 table, $3 mark, the rest: user chains that must be there. Input: rules to add; those that begin with
  // docker or closed only where the host is so. In one transaction what bears the mark goes, wherever it stands, and the input
  // comes: the live rules decide what is removed.
  'iptables-own': `program=$1 table=$2 mark=$3; shift 3
have=$("$program-save" -t "$table") || exit
for chain; do
  printf '%s\\n' "$have" | grep -q "^:$chain " && continue
  echo "there is no chain $chain in table $table of $program: is the engine running, and does it keep its rules there?" >&2; exit 1
done
old=$(printf '%s\\n' "$have" | sed -n "/--comment \\"\\{0,1\\}$mark[\\" ]/s/^-A /-D /p")
filter=$("$program-save" -t filter) || exit
is=open
printf '%s\\n' "$filter" | grep -q '^:FORWARD DROP ' && is=closed
printf '%s\\n' "$filter" | grep -q '^:DOCKER-USER ' && is=docker
new=$(sed -n "s/^$is //; /^-I /p")
[ -n "$old$new" ] || exit 0
{ echo "*$table"; printf '%s\\n' "$old" "$new"; echo COMMIT; } | "$program-restore" -w 5 --noflush || exit
[ "$table" = raw ] || exit 0
${forgetEmptyRaw}`,
} as const;

/** Makes the accepting rules that bear a mark in a table exactly these, ahead of everything in their chains; none removes them all. */
export function ownRules(family: Family, table: string, mark: string, rules: readonly AcceptLine[]): Step {
  const place = new Map<string, number>();
  const lines = rules.map(({ chain, match, where }) => {
    place.set(chain, (place.get(chain) ?? 0) + 1);
    return `${where === undefined ? '' : `${where} `}-I ${chain} ${place.get(chain)} ${[...match, '-m', 'comment', '--comment', mark].map(quote).join(' ')} -j ACCEPT\n`;
  });
  const must = rules.filter(rule => rule.where === undefined).map(rule => rule.chain);
  const chains = [...new Set(must)].filter(chain => !BUILT_IN.has(chain));
  const program = family === 4 ? 'iptables' : 'ip6tables';
  const label = `${rules.length === 0 ? 'remove' : 'set'} ${program} rules in ${table}`;
  const args = [program, table, mark, ...chains];
  return { via: 'script', name: 'iptables-own', args, stdin: lines.join(''), mutates: true, label };
}

/** Reads `iptables-save`. Throws where the tool says that it cannot show a table. */
export function parseIptables(text: string): IptablesRules {
  const tables: Record<string, Record<string, { policy: string; rules: string[] }>> = {};
  let table: Record<string, { policy: string; rules: string[] }> = {};
  for (const line of text.split('\n')) {
    if (/^# Table .* is incompatible/.test(line)) throw new Error(line.slice(2));
    const [, kind, name = '', rest = ''] = /^([*:]|-A )(\S+)(?: (.*))?$/.exec(line) ?? [];
    if (kind === '*') table = tables[name] ??= {};
    else if (kind === ':') table[name] = { policy: rest.split(' ')[0]!, rules: [] };
    else if (kind === '-A ') table[name]?.rules.push(rest);
  }
  return tables;
}

function quote(word: string): string {
  return /^[A-Za-z0-9_!,.:/+-]+$/.test(word) ? word : `"${word.replaceAll(/["\\]/g, '\\$&')}"`;
}
