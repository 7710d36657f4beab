/**
 * Data in, text out: Diagnostics, Plan, events, Report and what `app` returns. The only place that knows colours, widths
 * and terminals. It must not know how any of it came to be.
 */
export { renderChecks, renderProofs } from './checks.js';
export { painter } from './paint.js';
export { renderDiagnostics } from './diagnostics.js';
export { renderHosts } from './hosts.js';
export { renderAddresses } from './ip.js';
export { renderLinkEnds } from './link.js';
export { createLogPrinter } from './logs.js';
export { renderPlan } from './plan.js';
export { planToJson } from './plan-json.js';
export { renderPlanScript } from './plan-script.js';
export { createProgress } from './progress.js';
export { renderPs } from './ps.js';
export { renderReport } from './report.js';
export { renderSandboxes, renderSshConfig } from './sandbox.js';
export { terminalOf } from './terminal.js';
export { renderTable } from './table.js';
export { renderValid } from './valid.js';
