import { expect, test } from 'vitest';
import { substitute } from '../../src/topology/variables.js';
import { read, service } from './reading.js';

const lookup = (name: string): string | undefined => ({ SET: 'yes', EMPTY: '', OTHER: 'else' })[name];

/** What Compose gives for each of its forms. */
test.each([
  ['plain', 'plain', []],
  ['$SET', 'yes', []],
  ['${SET}', 'yes', []],
  ['a-$SET-b', 'a-yes-b', []],
  ['$SETX', '', ['unset']],
  ['${NO}', '', ['unset']],
  ['${EMPTY}', '', []],
  ['${NO:-d}', 'd', []],
  ['${EMPTY:-d}', 'd', []],
  ['${EMPTY-d}', '', []],
  ['${NO-d}', 'd', []],
  ['${SET:-d}', 'yes', []],
  ['${NO:?say}', '', ['required']],
  ['${EMPTY:?say}', '', ['required']],
  ['${EMPTY?say}', '', []],
  ['${SET?say}', 'yes', []],
  ['${SET:+r}', 'r', []],
  ['${EMPTY:+r}', '', []],
  ['${EMPTY+r}', 'r', []],
  ['${NO+r}', '', []],
  ['$$SET $${SET}', '$SET ${SET}', []],
  ['${NO:-${ALSO_NO:-${OTHER}}}', 'else', []],
  ['${SET:-${NO}}', 'yes', []],
  ['${NO:-$$}', '$', []],
  ['${NO:-a b:c}', 'a b:c', []],
  ['${NO:-}', '', []],
  ['$', '$', []],
  ['$1 $(ls) ^a$', '$1 $(ls) ^a$', []],
  ['${NO:-{"a": {"b": 1}}}', '{"a": {"b": 1}}', []],
  ['${NO:-{}} ${SET}', '{} yes', []],
  ['${NO:-{}', '{', []],
  ['${NO-a:?b}', 'a:?b', []],
  ['${NO:?}', '', ['required']],
  ['$SET$SET', 'yesyes', []],
  ['$set', '', ['unset']],
  ['${', '', ['syntax']],
  ['${}', '', ['syntax']],
  ['${A B}', '', ['syntax']],
  ['${SET:x}', '', ['syntax']],
])('%s', (text, expected, problems) => {
  const result = substitute(text, lookup);
  expect(result.text).toBe(expected);
  expect(result.problems.map(problem => problem.is)).toEqual(problems);
});

test('a required variable says its message, with variables in it', () => {
  expect(substitute('x ${NO:?set it like ${OTHER}}', lookup).problems).toEqual([
    {
      is: 'required',
      name: 'NO',
      message: 'set it like else',
      expression: '${NO:?set it like ${OTHER}}',
      offset: 2,
    },
  ]);
});

test('the offset of a problem is that in the whole text', () => {
  const text = 'a ${NO:-b ${ALSO_NO} c} ${';
  const offsets = substitute(text, lookup).problems.map(p =>
    text.slice(p.offset, p.offset + p.expression.length),
  );
  expect(offsets).toEqual(['${ALSO_NO}', '${']);
});

test('defaults nested without end are refused, not followed', () => {
  const { problems } = substitute('${A:-'.repeat(5000) + '}'.repeat(5000), () => undefined);
  expect(problems.map(p => p.is)).toEqual(['syntax']);
});

test('a plain scalar that becomes a number or a boolean is one; a quoted one stays text', () => {
  const environment = { N: '1450', B: 'true', T: 'text', V: '1.10', L: '12345678901234567890' };
  const { topology } = read('switches: { one: { kind: vxlan, mtu: $N, host_access: $B } }', { environment });
  expect(topology!.switches['one']).toMatchObject({ mtu: 1450, hostAccess: true });
  const labels = service('labels: { a: "$N", b: $N, c: $T, d: $V, e: $L }', { environment }).labels;
  expect(labels).toEqual({ a: '1450', b: '1450', c: 'text', d: '1.10', e: environment.L });
});

test('the environment wins over .env, and keys are not interpolated', () => {
  const found = service('environment: { A: $A, B: $B, $A: key }', {
    environment: { A: 'process' },
    dotenv: 'A=file\nB="file b"\n',
  });
  expect(found.environment).toEqual({ A: 'process', B: 'file b', $A: 'key' });
});

test('names that every object has are no variables', () => {
  const { diagnostics } = read('x-a: [$constructor, $toString, $__proto__]');
  expect(diagnostics.map(d => d.code)).toEqual(['variable.unset', 'variable.unset', 'variable.unset']);
});
