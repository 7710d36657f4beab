import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compile } from '../../src/compile/index.js';
import type { Resolved } from '../../src/core/index.js';
import { resolve, type ReadFile } from '../../src/resolve/index.js';
import { readTopology } from '../../src/topology/index.js';
import { freshWorld } from '../fakes/scene.js';
import { BESIDE, BESIDE_KEY, TEXTS } from './key-samples.js';

type Map = Readonly<Record<string, unknown>>;

const GOLDEN = new URL('../golden/compose/', import.meta.url);
/** Values that change what is made; a key without one has to be told of, whatever its value. */
const values = JSON.parse(readFileSync(new URL('key-values.json', GOLDEN), 'utf8')) as Map;
const paths = readFileSync(new URL('keys.txt', GOLDEN), 'utf8').trimEnd().split('\n');

test('every key of the Compose specification is acted on, or warned of by name, or refused by name', async () => {
  const rows = paths.map(path => [path, standing(path)] as const);
  expect(rows.filter(([, word]) => /^(unknown|silent)/.test(word))).toEqual([]);
  const width = Math.max(...paths.map(path => path.length));
  const table = rows.map(([path, word]) => `${path.padEnd(width)}  ${word}\n`).join('');
  await expect(table).toMatchFileSnapshot('../golden/compose/keys-table.txt');
});

/** What topo does with a key: acts, if its value changes what is made; else what it says of it. */
function standing(path: string): string {
  if (NO_EFFECT.includes(path)) return 'of no effect, as in Compose';
  const without = outcome(documentOf(path, undefined));
  const { resolved, told } = outcome(documentOf(path, values[path] ?? 'x'));
  const about = told.find(({ key }) => path.split(/[.[\]]+/).includes(key));
  if (about) return about.word + (about.key === path.split('.').at(-1) ? '' : ` with ${about.key}`);
  return resolved && made(resolved) !== made(without.resolved) ? 'acted on' : 'silent';
}

/** What Compose takes and does nothing with on Linux. */
const NO_EFFECT: readonly string[] = ['configs.*.name', 'secrets.*.name', 'services.*.volumes[].consistency'];

interface Outcome {
  /** Undefined where there are errors. */
  readonly resolved: Resolved | undefined;
  readonly told: readonly { readonly key: string; readonly word: string }[];
}

const WORDS: Readonly<Record<string, string>> = {
  'key.ignored': 'warned of',
  'not-yet': 'refused',
  'key.unknown': 'unknown',
};

const ENVIRONMENT = { PATH: '/bin' };

const contentOf: ReadFile = path => ({ is: 'read', content: Buffer.from(path), program: false });

function outcome(document: Map): Outcome {
  const files = { ...TEXTS, '/lab/compose.yaml': JSON.stringify(document) };
  const read = readTopology({
    path: 'topo.yaml',
    text: 'name: t\nhosts: { h: sandbox }\nstacks: { s: { host: h, compose: compose.yaml } }',
    directory: '/lab',
    environment: ENVIRONMENT,
    readFile: path =>
      path in files ? { is: 'text', text: files[path as keyof typeof files] } : { is: 'missing' },
  });
  const told = read.diagnostics.flatMap(({ code, summary }) => {
    const key = /"([^"]*)"/.exec(summary)?.[1];
    const word = WORDS[code];
    return word === undefined || key === undefined ? [] : [{ key, word }];
  });
  if (!read.topology) return { resolved: undefined, told };
  const { resolved, diagnostics } = resolve(read.topology, read.locate, ENVIRONMENT, {
    readFile: contentOf,
    readContext: (directory, dockerfile) => ({ is: 'read', digest: `${directory} ${dockerfile}` }),
  });
  const swarms = diagnostics.some(d => /^an external (config|secret) /.test(d.summary));
  return { resolved, told: swarms ? [...told, { key: 'external', word: 'refused' }] : told };
}

/** All that would be made, as JSON. */
function made(resolved: Resolved | undefined): string | undefined {
  return resolved && JSON.stringify(compile(resolved, freshWorld(resolved).views, value => value).resources);
}

/** A Compose file in which a key has a value; without one the maps that it would be in. */
function documentOf(path: string, value: unknown): Map {
  const beside = { ...BESIDE, ...BESIDE_KEY[Object.keys(BESIDE_KEY).find(key => isAt(path, key)) ?? ''] };
  const using = {
    ...(path.startsWith('configs') && { configs: ['c'] }),
    ...(path.startsWith('secrets') && { secrets: ['k'] }),
  };
  // A service that is off may lack where another one does not require it.
  const off = path.endsWith('depends_on.*.required') && { profiles: ['off'] };
  const whole: Map = {
    services: {
      b: { image: 'x', labels: { b: '${COMPOSE_PROJECT_NAME}' }, ...off },
      a: { image: 'x', networks: ['n'], volumes: ['v:/v'], ...using },
    },
    networks: { o: null, n: beside['networks.*'] },
    volumes: { v: null },
    ...(path.includes('configs') && { configs: { c: beside['configs.*'] } }),
    ...(path.includes('secrets') && { secrets: { k: beside['secrets.*'] } }),
  };
  return put(whole, '', steps(path), value, beside) as Map;
}

function isAt(path: string, key: string): boolean {
  return path === key || path.startsWith(`${key}.`);
}

/** `services.*.ports[].target` as its names; an element of a list is `[]`. */
function steps(path: string): readonly string[] {
  return path.replaceAll('[]', '.[]').split('.');
}

/** What a `*` is called below a key. */
const NAMES: Readonly<Record<string, string>> = {
  ...{ services: 'a', networks: 'n', volumes: 'v', configs: 'c', secrets: 'k', depends_on: 'b' },
  ...{ ulimits: 'nofile', models: 'm' },
};

/** A value with another one put into it where a path leads, and in the maps on the way what they need. */
function put(
  into: unknown,
  at: string,
  rest: readonly string[],
  value: unknown,
  beside: typeof BESIDE,
): unknown {
  const [step, ...more] = rest;
  if (step === undefined) return value;
  const below = at === '' || step === '[]' ? at + step : `${at}.${step}`;
  if (step === '[]') return [put(undefined, below, more, value, beside)];
  const key = step === '*' ? NAMES[at.split('.').at(-1)!]! : step;
  const map = { ...(isMap(into) ? into : {}), ...beside[at] };
  const made = put(map[key], below, more, value, beside);
  return made === undefined ? map : { ...map, [key]: made };
}

function isMap(value: unknown): value is Map {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
