import type { Host } from '../core/index.js';
import { parseAdopted } from '../tools/index.js';
import { withAdopted } from './adopted.js';
import type { EngineView } from './engine.js';
import { withInspected } from './inspected.js';
import { attempt } from './inventory.js';
import type { Section } from './sections.js';

/** An engine and what it keeps, by whom it is kept: what was adopted is marked, and what may be is looked at (`projects`). */
export async function withOwners(
  host: Host,
  view: EngineView,
  section: Section | undefined,
  projects: readonly string[],
  signal: AbortSignal | undefined,
): Promise<EngineView> {
  const adopted = attempt(section, parseAdopted);
  if ('why' in adopted) {
    const why = `what was adopted: ${adopted.why}`;
    return { ...view, unread: { ...view.unread, containers: why, networks: why, volumes: why } };
  }
  const marked = withAdopted(view.lists, adopted.value);
  if (projects.length === 0) return { ...view, lists: marked };
  const { lists, why } = await withInspected(host, marked, projects, signal);
  const unread = why === undefined ? {} : { containers: why, networks: why };
  return { ...view, lists, unread: { ...view.unread, ...unread } };
}
