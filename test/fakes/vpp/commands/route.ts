import { familyOf, parseInterface } from '../../../../src/core/index.js';
import type { Call, Commands } from '../cli.js';
import { fail, refuse } from '../cli.js';
import { portOf } from '../vpp.js';

/** Nothing that a transcript shows tells of routes afterwards: they are read, and kept nowhere. */
export const routeCommands: Commands = { 'ip route': route };

const prefix = (word: string): string | undefined => (parseInterface(word) ? word : undefined);

const address = (word: string): string | undefined =>
  familyOf(word) && !word.includes('/') ? word : undefined;

/** What is there already, or not, is no error; nor is a gateway that nothing leads to. Without paths a route goes whole. */
function route({ vpp, input }: Call): void {
  const line = input.line();
  const port = (): unknown => line.read(name => portOf(vpp, name));
  const isDel = line.take('del');
  if (!isDel && !line.take('add')) refuse(`ip route ${line.quoted}`);
  if (line.read(prefix) === undefined) fail(`parse error ${line.quoted}`);
  if (line.ended && isDel) return;
  if (line.ended) fail('expected paths.');
  const rest = line.quoted;
  if (!line.take('via') || !(line.read(address) === undefined ? port() : line.ended || port()))
    fail(`parse error ${rest}`);
  if (!line.ended) refuse(`ip route with ${line.quoted}`);
}
