import { formatPrefix, parseAddress, parsePrefix } from '../core/index.js';

/** What a rule says, freed from how it was written. */
export interface Rule {
  /** The rule without its comment, in one spelling: equal texts do the same. */
  readonly text: string;
  readonly comment: string;
  /** `ACCEPT`, `RETURN`, a chain …; empty where it only counts. */
  readonly target: string;
}

/**
 * Brings a rule to one spelling, so that what was written can be told in what `iptables-save` prints. It prints source,
 * destination, devices and protocol in that order and first, addresses with their length, `-m tcp` after `-p tcp`, and the
 * comment where it was given, in quotes unless it is a plain word (seen on 1.8.9).
 */
export function normalRule(words: readonly string[]): Rule {
  const first = new Map<string, string>();
  const rest: string[] = [];
  let comment = '';
  let target = '';
  for (let i = 0; i < words.length; i++) {
    const not = words[i] === '!' ? '! ' : '';
    if (not) i++;
    const option = LONG[words[i]!] ?? words[i]!;
    const value = words[i + 1] ?? '';
    if (FIRST.includes(option)) first.set(option, `${not}${option} ${valueOf(option, value)}`);
    else if (option === '-j') target = value;
    else if (option === '--comment') comment = value;
    else if (option !== '-m') rest.push(`${not}${option}`);
    if (option === '-m' && !implied(value, first)) rest.push(`-m ${value}`);
    if (option === '-m' || option === '-j' || option === '--comment' || FIRST.includes(option)) i++;
  }
  const matches = [...FIRST.flatMap(option => first.get(option) ?? []), ...rest];
  return { text: [...matches, ...(target === '' ? [] : [`-j ${target}`])].join(' '), comment, target };
}

/** The words of a rule as `iptables-save` prints it: blanks divide, double quotes hold together, a backslash takes the next as it is. */
export function ruleWords(text: string): readonly string[] {
  const words = text.match(/"(?:\\.|[^"\\])*"|\S+/g) ?? [];
  return words.map(word => (word.startsWith('"') ? word.slice(1, -1).replaceAll(/\\(.)/g, '$1') : word));
}

const FIRST = ['-s', '-d', '-i', '-o', '-p'];

const LONG: Readonly<Record<string, string>> = {
  '--source': '-s',
  '--src': '-s',
  '--destination': '-d',
  '--dst': '-d',
  '--in-interface': '-i',
  '--out-interface': '-o',
  '--protocol': '-p',
  '--jump': '-j',
  '--match': '-m',
};

function implied(module: string, first: ReadonlyMap<string, string>): boolean {
  return module === 'comment' || first.get('-p') === `-p ${module}`;
}

function valueOf(option: string, value: string): string {
  if (option !== '-s' && option !== '-d') return value;
  const prefix = parsePrefix(parseAddress(value) ? `${value}/${value.includes(':') ? 128 : 32}` : value);
  return prefix ? formatPrefix(prefix) : value;
}
