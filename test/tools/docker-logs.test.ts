import { expect, test } from 'vitest';
import { containerLogs, engineTime, parseRun, parseStart, startEvents } from '../../src/tools/index.js';

test('what is asked of a log stands in the path', () => {
  expect(containerLogs('c1', { follow: false, timestamps: false })).toEqual({
    via: 'docker',
    method: 'GET',
    path: '/containers/c1/logs?stdout=1&stderr=1&follow=0&timestamps=0&tail=all',
  });
  expect(containerLogs('c1', { follow: true, timestamps: true, tail: 0, since: '17.5' })).toMatchObject({
    path: '/containers/c1/logs?stdout=1&stderr=1&follow=1&timestamps=1&tail=0&since=17.5',
  });
});

test('starts of one topology only are asked for, with those that came before the engine listened', () => {
  const query = new URL(startEvents('lab').path, 'http://engine').searchParams;
  expect(query.get('since')).toBe('0');
  expect(JSON.parse(query.get('filters')!)).toEqual({
    type: ['container'],
    event: ['start'],
    label: ['topo.name=lab'],
  });
});

/** As engine 20.10 writes it. */
const EVENT =
  '{"status":"start","id":"5f2","from":"topo/busybox","Type":"container","Action":"start","Actor":{"ID":"5f2","Attributes":{"com.docker.compose.project":"lab-shop","com.docker.compose.service":"web","image":"topo/busybox","name":"lab-shop-web-1","topo.name":"lab","topo.stack":"shop"}},"scope":"local","time":1763703104,"timeNano":1763703104123456789}';

test('an event names the container and its service; others are left', () => {
  expect(parseStart(EVENT)).toEqual({ id: '5f2', service: 'shop/web' });
  expect(parseStart(EVENT.replaceAll('"start"', '"die"'))).toBeUndefined();
  expect(parseStart('{}')).toBeUndefined();
});

test('a run is told by when it started', () => {
  const State = { Running: true, StartedAt: '2030-01-31T12:00:00.12345Z' };
  const run = parseRun({ Config: { Tty: true }, State });
  expect(run).toEqual({ tty: true, running: true, startedAt: State.StartedAt, lastEnd: undefined });
  expect(parseRun({ message: 'No such container' })).toEqual({
    tty: false,
    running: false,
    startedAt: '',
    lastEnd: undefined,
  });
  const again = { ...State, FinishedAt: '2030-01-31T11:59:59Z' };
  expect(parseRun({ State: again }).lastEnd).toBe(again.FinishedAt);
  expect(parseRun({ State: { FinishedAt: '0001-01-01T00:00:00Z' } }).lastEnd).toBeUndefined();
  expect(engineTime(run.startedAt)).toBe(`${Date.parse('2030-01-31T12:00:00Z') / 1000}.123450000`);
});
