import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Those that take longest, the longest first: begun last, one of them would be what all others are waited for with. A file that is
 * not here takes less than all of these.
 */
const LONGEST = [
  'changes',
  'sigkill-mixed',
  'sigkill',
  'ssh-hosts',
  'swaps',
  'examples',
  'worlds',
  'contexts',
  'drift',
  'names',
  'scale',
  'links',
  'two-sites',
  'verbs',
].map(name => `/test/scenarios/${name}.real.test.ts`);

/** Begins with the longest files; the rest as vitest would. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex(path => moduleId.endsWith(path));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
