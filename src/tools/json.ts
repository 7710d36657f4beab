/** An object out of a tool's JSON, of which nothing is known yet. */
export type Row = Readonly<Record<string, unknown>>;

/** The objects of a JSON array; empty ones (which `ip -j` prints for what a filter left out) and empty text give nothing. Throws on anything else. */
export function rows(text: string): readonly Row[] {
  if (text.trim() === '') return [];
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) throw new Error(`expected a JSON array, got ${text.slice(0, 60)}`);
  return value.filter(isRow).filter(row => Object.keys(row).length > 0);
}

/** Whether a value is an object that is not an array. */
export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object under a key; empty where there is none. */
export function rowOf(value: unknown): Row {
  return isRow(value) ? value : {};
}

/** The objects of a list under a key; empty where there is none. */
export function listOf(value: unknown): readonly Row[] {
  return Array.isArray(value) ? value.filter(isRow) : [];
}

/** The texts of a list under a key; empty where there is none. */
export function stringsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : [];
}

/** Text under a key; empty where there is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A number under a key, also where the tool printed it as text; `otherwise` where there is none. */
export function numberOf(value: unknown, otherwise: number): number {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : otherwise;
}

/** The strings among the values of an object. */
export function textsOf(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(rowOf(value)).filter((e): e is [string, string] => typeof e[1] === 'string'),
  );
}
