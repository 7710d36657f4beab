import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { RULES } from '../config/borders.js';

/** The violations of the border rules under a directory that has a `src`, as sorted `rule: from → to` lines. */
export async function violations(baseDir: string): Promise<string[]> {
  const tsconfig = new URL('../../tsconfig.json', import.meta.url).pathname;
  const { output } = await cruise(
    ['src'],
    {
      baseDir,
      ruleSet: { forbidden: [...RULES] },
      validate: true,
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
      combinedDependencies: false,
    },
    { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
    { tsConfig: extractTsConfig(tsconfig) },
  );
  const { summary } = output as ICruiseResult;
  return summary.violations.map(v => `${v.rule.name}: ${v.from} → ${v.to}`).sort();
}
