/**
 * Plain text that a variable gave as the number or boolean that it spells; the text itself where writing it out again would
 * give another one: a version `1.10`, or more digits than a double holds.
 */
export function retyped(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = /^-?[0-9.]+$/.test(text) ? Number(text) : NaN;
  return String(number) === text ? number : text;
}
