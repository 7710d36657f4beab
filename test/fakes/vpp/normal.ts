/**
 * An answer without what cannot be equal: counters and what was learnt (the emulator passes no frames), addresses that VPP
 * invents, times, process ids, file descriptors, indices of forwarding objects, and the order of hash tables.
 */
export function normal(answer: string): string {
  const lines = answer.split('\n').flatMap(line => {
    const kept = RULES.reduce<string | undefined>((text, rule) => text && rule(text), line);
    return kept === undefined ? [] : [kept];
  });
  return sortedRuns(lines).join('\n');
}

type Rule = (line: string) => string | undefined;

const replace =
  (pattern: RegExp, by: string): Rule =>
  line =>
    line.replace(pattern, by);

const drop =
  (pattern: RegExp): Rule =>
  line =>
    pattern.test(line) ? undefined : line;

const RULES: readonly Rule[] = [
  // Counters: their lines in `show interface`, the first of them beside the MTU, queues, `show errors`.
  drop(/^ {60,}\S/),
  replace(/^(.{36,60}[/\d]+ +)(rx|tx|drops|ip[46]|punt) .*\d\r$/, '$1\r'),
  replace(/next (block|frame):\d+/, 'next $1:N'),
  replace(/available:\d+ request:\d+/, 'available:N request:N'),
  drop(/^ +\d+ +\S+ {2,}.* (error|info) +\r$/),
  // Learnt: entries without an age of `no`, how many there are, neighbours.
  drop(/^ ([0-9a-f]{2}:){5}.* (\d+\/\d+) +- +- +- +- +\S+ +\r$/),
  drop(/^L2FIB total|^ +Mac-Address|^no l2fib entries/),
  replace(/^( *\d+ +\d+ +\d+ +\w+ +\w+ +\w+ +\S+ +\w+ +\w+ +(?:on|off)) +\d+ +(?=\d+ +\S+ *\r$)/, '$1 N '),
  drop(/^ +\d*\.\d+ +[\d.:a-f]+ +D +|^ +Age +IP +Flags/),
  // Invented: MACs, process ids, times.
  replace(/02:fe(:[0-9a-f]{2}){4}/g, '02:fe:..'),
  replace(/\bv?\d+\.\d+(\.\d+)?-release[^\s"]* */g, 'RELEASE '),
  replace(/Plugin path is: .*/, 'Plugin path is: P\r'),
  replace(/ built by .*/, ' built\r'),
  replace(/^(Compile[dr]?( \w+)?:) .*/, '$1 N\r'),
  replace(/Current PID: +\d+/, 'Current PID: N'),
  replace(/vpp_main {24}\d+ +/, 'vpp_main N '),
  replace(/other \(0\) +\d+ +\d+ /, 'other (0) N N '),
  replace(/Time now [\d.]+(, .* GMT)?/, 'Time now T'),
  replace(/unix-cli-local:\d+/, 'unix-cli-local:N'),
  replace(/(\b(?:int-|conn-|listener-|kick|call)?fds? )-?[\d ]*\d/g, '$1N'),
  replace(/(head|tail) \d+ (tail \d+ )?/, '$1 N '),
  replace(/packets (sent|received): \d+/, 'packets $1: N'),
  replace(/^( +0 : )\d+\r$/, '$1N\r'),
  replace(/last_used_idx \d+, desc_next \d+, desc_in_use \d+/, 'last_used_idx N'),
  replace(/avail\.flags .*used\.idx \d+/, 'avail N'),
  replace(/encap-dpo-idx \d+/, 'encap-dpo-idx N'),
];

const HASHED = /^(?: ([0-9a-f]{2}:){5}| {2}\d+ +(no|yes))/;

/** Rows that stand in the order of a hash table, by their text. */
function sortedRuns(lines: readonly string[]): readonly string[] {
  const sorted: string[] = [];
  let run: string[] = [];
  for (const line of [...lines, '']) {
    if (HASHED.test(line)) run.push(line);
    else {
      sorted.push(...run.toSorted(), line);
      run = [];
    }
  }
  return sorted.slice(0, -1);
}
