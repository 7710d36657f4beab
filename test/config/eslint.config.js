import tseslint from 'typescript-eslint';

/**
 * Few rules, each for a fault that types and formatter do not find. An async tool's are promises that nobody waits for;
 * the others keep what the house style says from being a matter of review.
 */
export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'node_modules/'] },
  {
    files: ['src/**/*.ts', 'test/**/*.ts'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: new URL('tsconfig.json', import.meta.url).pathname },
    },
    plugins: { '@typescript-eslint': tseslint.plugin },
    linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      'no-console': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      eqeqeq: 'error',
      'max-lines-per-function': ['error', { max: 60 }],
      complexity: ['error', 20],
    },
  },
  {
    // A value that was not passed in is not there: what a stage gives depends on its arguments alone.
    files: ['src/**/*.ts'],
    ignores: ['src/commands/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Take it as an argument: commands pass the environment in.',
        },
        {
          object: 'process',
          property: 'cwd',
          message: 'Take it as an argument: commands pass the directory in.',
        },
        { object: 'process', property: 'exit', message: 'Only commands end the process.' },
        { object: 'Date', property: 'now', message: 'Take a clock as an argument.' },
        { object: 'Math', property: 'random', message: 'Take randomness as an argument.' },
      ],
    },
  },
  {
    // What prints: renderers and commands hold the streams; a test reporter is one too.
    files: ['src/render/**', 'src/commands/**', 'test/config/count-reporter.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', '@typescript-eslint/no-unnecessary-type-assertion': 'off' },
  },
);
