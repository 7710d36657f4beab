import type { CheckResult, Proof } from '../app/index.js';
import { painter, printable } from './paint.js';
import { count, duration } from './words.js';

/** `topo check`: a line per check, then how many held. Ends without a newline. */
export function renderChecks(results: readonly CheckResult[], view: { readonly color: boolean }): string {
  const paint = painter(view.color);
  const width = Math.max(0, ...results.map(result => result.name.length));
  const lines = results.map(result => {
    const sign = result.ok ? paint('green', 'ok    ') : paint('red', 'failed');
    const tries = result.tries > 1 ? `, ${result.tries} tries` : '';
    const timing = paint('dim', `(${duration(result.ms)}${tries})`);
    return `${sign}  ${result.name.padEnd(width)}  ${printable(result.detail)} ${timing}`;
  });
  const failed = results.filter(result => !result.ok).length;
  const closing =
    failed === 0
      ? `${count(results.length, 'check')}, all as expected`
      : `${failed} of ${count(results.length, 'check')} failed`;
  return [...lines, ...(lines.length > 0 ? [''] : []), paint(failed === 0 ? 'green' : 'red', closing)].join(
    '\n',
  );
}

/** What the links proved after `up`: failures one by one, the rest as a number for each way of proving. Empty where nothing was to be proven. */
export function renderProofs(proofs: readonly Proof[], view: { readonly color: boolean }): string {
  const paint = painter(view.color);
  const failed = proofs.filter(proof => !proof.ok);
  const lines = failed.map(
    p =>
      `${paint(p.untried ? 'yellow' : 'red', 'Not proven:')} ${p.from} → ${p.to}, ${p.how}: ${printable(p.detail)}`,
  );
  const good = proofs.filter(proof => proof.ok).map(proof => proof.how);
  const counted = [...new Set(good)].sort().map(how => {
    const number = good.filter(other => other === how).length;
    return `${paint('green', 'Proven:')} ${count(number, 'path')}, ${how}`;
  });
  return [...lines, ...counted].join('\n');
}
