import type { IForbiddenRuleType } from 'dependency-cruiser';

/** Which folders of src a folder may import, its own and types aside. A folder that is missing here may not exist. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  commands: ['app', 'render', 'core'],
  app: [
    'topology',
    'resolve',
    'compile',
    'facts',
    'observe',
    'plan',
    'apply',
    'kinds',
    'tools',
    'hosts',
    'core',
  ],
  facts: ['core', 'tools'],
  apply: ['core', 'tools'],
  kinds: ['core', 'tools'],
  compile: ['core', 'tools', 'kinds'],
  topology: ['core'],
  resolve: ['core'],
  observe: ['core'],
  plan: ['core'],
  tools: ['core'],
  hosts: ['core'],
  render: ['core'],
  core: [],
};

/** npm packages with one door: what they cost at start-up and what they do is known in one folder only. */
const DOORS: Readonly<Record<string, string>> = {
  '@oclif/core': 'commands',
  listr2: 'render',
  'ssh-config': 'hosts',
  ssh2: 'hosts',
  'tar-stream': 'hosts',
  yaml: 'topology',
  zod: 'topology',
};

const folderRules = Object.entries(MAY_IMPORT).map(([folder, allowed]): IForbiddenRuleType => ({
  name: `border-of-${folder}`,
  comment:
    'Data goes one way, from text to report: a stage that knew its neighbours could not be tested or replaced alone.',
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: {
    path: '^src/',
    pathNot: [folder, ...allowed].map(name => `^src/${name}/`),
    // What render draws is made everywhere; it may know the shapes, and nothing that runs.
    ...(folder === 'render' ? { dependencyTypesNot: ['type-only'] } : {}),
  },
}));

const doorRules = Object.entries(DOORS).map(([name, folder]): IForbiddenRuleType => ({
  name: `door-of-${name}`,
  comment:
    'A foreign package is spoken to in one folder, so that it can be replaced, and is not loaded by accident.',
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${folder}/` },
  to: { path: `node_modules/${name}/` },
}));

/** The rules that keep the folders apart, each with the reason it exists. */
export const RULES: readonly IForbiddenRuleType[] = [
  ...folderRules,
  ...doorRules,
  {
    name: 'known-folders-only',
    comment: 'The map of src is fixed: a new folder is a decision, not an accident.',
    severity: 'error',
    from: { path: '^src/', pathNot: Object.keys(MAY_IMPORT).map(name => `^src/${name}/`) },
    to: {},
  },
  {
    name: 'enter-by-index',
    comment: 'What a folder offers stands in its index.ts; behind it, it may be rebuilt.',
    severity: 'error',
    from: { path: '^src/([^/]+)/' },
    to: { path: '^src/', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
  },
  {
    name: 'render-knows-no-commands',
    comment: 'Not even their types: commands choose a renderer, never the other way round.',
    severity: 'error',
    from: { path: '^src/render/' },
    to: { path: '^src/commands/' },
  },
  {
    name: 'no-cycles',
    comment: 'Modules in a ring have no order in which they can be read, tested or loaded.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'the-world-at-the-edge',
    comment:
      'Files, sockets and processes only in hosts, app and commands: all else stays pure and can be tested by values.',
    severity: 'error',
    from: { path: '^src/', pathNot: ['^src/(hosts|app|commands)/', '^src/core/ip\\.ts$'] },
    to: {
      dependencyTypes: ['core'],
      path: '^(node:)?(fs|net|child_process|dgram|http|https|tls|dns|worker_threads)(/|$)',
    },
  },
  {
    name: 'ip-only-parses',
    comment: 'core/ip.ts asks node:net whether a text is an address (isIP), nothing more.',
    severity: 'error',
    from: { path: '^src/core/ip\\.ts$' },
    to: { dependencyTypes: ['core'], pathNot: '^(node:)?net$' },
  },
  {
    name: 'commands-load-lazily',
    comment: 'Help and completion load every command; what works is imported in run(), when it is needed.',
    severity: 'error',
    from: { path: '^src/commands/' },
    to: { path: '^src/(app|render)/', dependencyTypesNot: ['dynamic-import', 'type-only'] },
  },
  {
    name: 'no-tests-in-src',
    comment: 'The package is built from src alone.',
    severity: 'error',
    from: { path: '^src/' },
    to: { path: '^test/' },
  },
  {
    name: 'declared-packages-only',
    comment: 'What src imports must be among the dependencies that a user installs.',
    severity: 'error',
    from: { path: '^src/' },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'no-unresolvable',
    comment: 'An import that leads nowhere.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-dead-modules',
    comment: 'What neither a command nor the library leads to is not part of the program.',
    severity: 'error',
    from: { path: '^src/(commands/|app/index\\.ts$)' },
    to: { path: '^src/', pathNot: '^src/(commands/|app/index\\.ts$)', reachable: false },
  },
];
