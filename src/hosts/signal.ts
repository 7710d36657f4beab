/** Aborted when one of them is. */
export function anySignal(closed: AbortSignal, given: AbortSignal | undefined): AbortSignal {
  return given === undefined ? closed : AbortSignal.any([closed, given]);
}
