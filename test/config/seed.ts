import fc from 'fast-check';

/**
 * Properties are tried on the same cases in every run, so that a change is what makes a test fail and not chance.
 * `FC_SEED=random` (or a number) tries others: whoever works on the planner does that many times.
 */
const wish = process.env['FC_SEED'] ?? '20261121';
fc.configureGlobal(wish === 'random' ? {} : { seed: Number(wish) });
