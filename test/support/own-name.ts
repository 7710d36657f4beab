/** A name for a topology or sandbox that no other test run on the machine has, and by which sweep.ts finds what a killed one left. */
export function ownName(word: string): string {
  return `test-${process.pid}-${word}`;
}

/** A text in which the names of this run are only their words, as golden files have them. */
export function withoutRun(text: string): string {
  return text.replaceAll(new RegExp(`test([-_])${process.pid}\\1`, 'g'), '');
}

/** The process id of the test run that a name is of; undefined where it is no test's. */
export function runOf(name: string): number | undefined {
  const pid = /^test-(\d+)-/.exec(name)?.[1];
  return pid === undefined ? undefined : Number(pid);
}
