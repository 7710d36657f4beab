import type { Reporter, TestModule } from 'vitest/node';

/** Prints what was skipped, by names that say why, and `N passed, N failed, N skipped` alone on the last line, for whoever counts from outside. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        count[state]++;
        if (state === 'skipped') console.log(`skipped: ${module.relativeModuleId}: ${test.fullName}`);
      }
      if (module.errors().length > 0) count.failed++;
    }
    console.log(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  }
}
