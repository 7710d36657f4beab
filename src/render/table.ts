import { type Paint, padTo, widthOf } from './paint.js';

/** Columns padded to their widest cell, two blanks apart; the last one is not padded. No rows: just the header. */
export function renderTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): string {
  const widths = header.map((title, i) =>
    Math.max(widthOf(title), ...rows.map(row => widthOf(row[i] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    header
      .map((_, i) => (i === header.length - 1 ? (cells[i] ?? '') : padTo(cells[i] ?? '', widths[i]!)))
      .join('  ')
      .trimEnd();
  return [paint('bold', line(header)), ...rows.map(line)].join('\n');
}
