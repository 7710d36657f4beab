import type { ImpairWords, LinkEndStatus } from '../app/index.js';
import { painter, printable } from './paint.js';
import { renderTable } from './table.js';

/** `topo link show`: each end as it stands, and what the file says where that is something else. Ends without a newline. */
export function renderLinkEnds(ends: readonly LinkEndStatus[], view: { readonly color: boolean }): string {
  const paint = painter(view.color);
  const rows = ends.map(({ end, host, device, state, impair, declared }) => {
    const [live, file] = [spelt(state, impair), spelt(declared.state, declared.impair)];
    const differs = live !== file && !(state === 'no carrier' && live.replace(state, 'up') === file);
    const cells = [end, host, device, state, wordsOf(impair)].map(printable);
    return [
      ...cells.slice(0, 3),
      state === 'up' ? 'up' : paint('yellow', state),
      cells[4]!,
      differs ? paint('yellow', file) : '',
    ];
  });
  return renderTable(['END', 'HOST', 'DEVICE', 'STATE', 'IMPAIRED BY', 'THE FILE SAYS'], rows, paint);
}

function spelt(state: string, impair: ImpairWords): string {
  return [state, wordsOf(impair)].filter(Boolean).join(', ');
}

function wordsOf(impair: ImpairWords): string {
  return Object.entries(impair)
    .map(pair => pair.join(' '))
    .join(' ');
}
