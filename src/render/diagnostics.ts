import { styleText } from 'node:util';
import type { Diagnostic, Place } from '../core/index.js';

export interface DiagnosticOptions {
  readonly color: boolean;
}

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

/** How much of a long line is shown around the caret. */
const WIDTH = 110;

/** Diagnostics as text for people, in the order given: what, where, the line with a caret, and what to change. */
export function renderDiagnostics(list: readonly Diagnostic[], options: DiagnosticOptions): string {
  const paint: Paint = (style, text) =>
    options.color ? styleText(style, text, { validateStream: false }) : text;
  return list.map(diagnostic => renderDiagnostic(diagnostic, paint)).join('\n');
}

function renderDiagnostic(diagnostic: Diagnostic, paint: Paint): string {
  const { severity, summary, hint, place, host } = diagnostic;
  const color = severity === 'error' ? 'red' : 'yellow';
  const about = host === undefined ? '' : `${host}: `;
  const head = `${paint(['bold', color], `${severity}:`)} ${paint('bold', plain(about + summary))}`;
  const help = hint === undefined ? [] : [`${paint('cyan', 'help:')} ${plain(hint)}`];
  return [head, ...(place ? renderPlace(place, paint, color) : []), ...help, ''].join('\n');
}

function renderPlace(
  { file, line, column, text, length = 1 }: Place,
  paint: Paint,
  color: 'red' | 'yellow',
): string[] {
  const where = `  ${paint('blue', '-->')} ${plain(file)}:${line}:${column}`;
  if (text === undefined) return [where];
  const shown = excerpt(text, column - 1, length);
  const number = String(line);
  const bar = paint('blue', '|');
  const caret = ' '.repeat(shown.start) + paint(color, '^'.repeat(shown.length));
  return [
    where,
    `${paint('blue', number)} ${bar} ${shown.text}`,
    `${' '.repeat(number.length)} ${bar} ${caret}`,
  ];
}

/** The part of a line around the caret, without what a terminal would act on. */
function excerpt(
  line: string,
  start: number,
  length: number,
): { text: string; start: number; length: number } {
  const from = line.length <= WIDTH || start < WIDTH / 2 ? 0 : start - 20;
  const cut = line.slice(from, from + WIDTH);
  const before = from > 0 ? '…' : '';
  const text = `${before}${plain(cut)}${from + WIDTH < line.length ? '…' : ''}`;
  const at = start - from;
  return { text, start: at + before.length, length: Math.max(1, Math.min(length, cut.length - at)) };
}

/** One column a character: tabs as one blank, control characters (a terminal's escapes among them) as a dot. */
function plain(text: string): string {
  return text.replace(/\t/g, ' ').replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '·');
}
