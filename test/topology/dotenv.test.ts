import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDotenv, parseRawEnv } from '../../src/topology/files/dotenv.js';
import { read, service } from './reading.js';

const lookup = (name: string): string | undefined => ({ SET: 'yes', EMPTY: '' })[name];
const values = (text: string): unknown => Object.fromEntries(parseDotenv(text, lookup).values);
const problems = (text: string): unknown =>
  parseDotenv(text, lookup).problems.map(({ severity, summary, offset }) => [severity, summary, offset]);

/** What compose-go gives for each. */
test.each([
  ['A=1\nB=two words  \n', { A: '1', B: 'two words' }],
  ['A: 1\nB:2', { A: '1', B: '2' }],
  [' A = 1\n\texport\tB=2\nexport C = 3', { A: '1', B: '2', C: '3' }],
  ['# all\n\nA=1 # more\nB=1#no\nC=# x\nD=a#b # c', { A: '1', B: '1#no', C: '# x', D: 'a#b' }],
  ['A=\nB=""\nC=\'\'', { A: '', B: '', C: '' }],
  ['A=1\r\nB="2"\r\n', { A: '1', B: '2' }],
  ['\uFEFFA=1', { A: '1' }],
  ['A=1\nA=2', { A: '2' }],
  ['a.b-c[0]=1\nÄ=2', { 'a.b-c[0]': '1', Ä: '2' }],
  ["A='$SET \\n # x'\nB='it\\'s'", { A: '$SET \\n # x', B: "it's" }],
  ['A="$SET\\t${SET}\\n" # x', { A: 'yes\tyes\n' }],
  ['A="a\nb # c\n"\nB=1', { A: 'a\nb # c\n', B: '1' }],
  ['A="\\"q\\" \\\\ \\$SET \\0101 \\x \\c"', { A: '"q" \\ $SET A \\x \\c' }],
  ['A=a\\nb', { A: 'a\\nb' }],
  ['A=$SET$$ ${NO:-d} ${EMPTY:-e}', { A: 'yes$ d e' }],
  ['A=1\nB=$A\nSET=no\nC=$SET', { A: '1', B: '1', SET: 'no', C: 'yes' }],
  ['SET\nNO\nEMPTY\nA=1\nSET', { SET: 'yes', EMPTY: '', A: '1' }],
  ['A="x" B=1', { A: 'x', B: '1' }],
  [
    '__proto__=1\nconstructor=2',
    Object.fromEntries([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]),
  ],
])('%j', (text, expected) => {
  expect(values(text)).toEqual(expected);
  expect(problems(text)).toEqual([]);
});

test.each([
  ['A=1\nB="2', 'a quote is opened and never closed', 6],
  ['A=1\nB C=2', 'the name "B C" has a space in it', 4],
  ['A B\n', 'the name "A B" has a space in it', 0],
  ['A=1\n=2', 'a variable without a name', 4],
  ['A$=1', '"$" can\'t be in the name of a variable', 1],
  ['A={${NO:?set it}}', 'the variable NO must be set: set it', 2],
  ['A=${-}', '"${-}" is no variable', 2],
])('%j is wrong', (text, summary, offset) => {
  expect(problems(text)).toEqual([['error', summary, offset]]);
});

test('a variable that is not set is a warning', () => {
  expect(problems('A=$NO')).toEqual([['warning', 'the variable NO is not set: it is taken as empty', 2]]);
});

test('a raw file: values as they stand, comments only at the beginning of a line', () => {
  const text = '# x\n  A="1" $SET # y\r\nB=\nSET\nNO\n';
  expect(Object.fromEntries(parseRawEnv(text, lookup).values)).toEqual({
    A: '"1" $SET # y',
    B: '',
    SET: 'yes',
  });
  expect(parseRawEnv('A=1\nB C=2\n=3', lookup).problems).toMatchObject([{ offset: 4 }, { offset: 10 }]);
});

test('no text makes it throw or run on', () => {
  const piece = fc.constantFrom(
    'A',
    '=',
    '"',
    "'",
    '\\',
    '\n',
    ' ',
    '#',
    '$',
    '{',
    '}',
    'export ',
    '\r',
    ':',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map(parts => parts.join('')),
      ),
      text => {
        for (const { offset } of [
          ...parseDotenv(text, lookup).problems,
          ...parseRawEnv(text, lookup).problems,
        ])
          expect(offset).toBeLessThanOrEqual(text.length);
      },
    ),
  );
});

describe('the .env of a topology', () => {
  test('is read like this, and what is wrong in it is told', () => {
    expect(service('labels: { a: $A }', { dotenv: 'B=b\nA="x\n$B"' }).labels).toEqual({ a: 'x\nb' });
    expect(read('hosts: { a: local }', { dotenv: 'OK=1\nA B=1' }).diagnostics).toMatchObject([
      { severity: 'error', code: 'env.syntax', place: { file: '.env', line: 2, column: 1, text: 'A B=1' } },
    ]);
  });
});
