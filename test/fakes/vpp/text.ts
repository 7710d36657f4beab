/** In the middle of a column; what is left over stands on the left. Longer texts are not cut. */
export function centre(text: string | number, width: number): string {
  const shown = String(text);
  const gap = Math.max(0, width - shown.length);
  const left = Math.ceil(gap / 2);
  return ' '.repeat(left) + shown + ' '.repeat(gap - left);
}

/** At the left of a column, cut at its width. */
export const left = (text: string, width: number): string => text.slice(0, width).padEnd(width);
