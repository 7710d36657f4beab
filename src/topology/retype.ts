/** Plain text that a variable gave, typed as YAML 1.2's core schema types numbers and booleans; else the text itself. */
export function retyped(text: string): string | number | boolean {
  if (/^(true|True|TRUE)$/.test(text)) return true;
  if (/^(false|False|FALSE)$/.test(text)) return false;
  if (/^0o[0-7]+$/.test(text)) return safe(parseInt(text.slice(2), 8), text);
  if (/^(0x[0-9a-fA-F]+|[-+]?[0-9]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)$/.test(text))
    return safe(Number(text), text);
  return text;
}

/** A number that a double can't hold is kept as it was written. */
function safe(value: number, text: string): string | number {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)) ? value : text;
}
