import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take a minute and more, the longest first: one of them begun last would be waited for alone. */
const LONG = ['sigkill', 'changes', 'scale', 'swaps', 'ssh-hosts', 'ipv6', 'drift', 'worlds', 'examples'];

/** As vitest orders them, but for those. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const at = LONG.findIndex(name => moduleId.endsWith(`/${name}.real.test.ts`));
  return at < 0 ? LONG.length : at;
}
