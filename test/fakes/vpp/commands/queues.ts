/** 0, 1 … for a number of queues; one unless told. */
export const count = (queues = 1): readonly number[] => [...Array(queues).keys()];

/** What `show hardware-interfaces` says of receive and transmit queues. */
export function queueLines(
  mode: 'interrupt' | 'polling',
  receive: number | undefined,
  transmit: number | undefined,
): readonly string[] {
  return [
    '  RX Queues:',
    '    queue thread         mode      ',
    ...count(receive).map(n => `    ${n}     main (0)       ${mode.padEnd(10)}`),
    '  TX Queues:',
    '    TX Hash: [name: hash-eth-l34 priority: 50 description: Hash ethernet L34 headers]',
    '    queue shared thread(s)      ',
    ...count(transmit).map(n => `    ${n}     no     ${n === 0 ? '0' : ''}`),
  ];
}
