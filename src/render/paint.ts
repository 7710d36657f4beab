import { stripVTControlCharacters, styleText } from 'node:util';

export type Style = 'green' | 'yellow' | 'red' | 'cyan' | 'magenta' | 'blue' | 'bold' | 'dim';

/** Colours a text, or returns it as it is. */
export type Paint = (style: Style, text: string) => string;

/** A {@link Paint} that colours when `color` is true, whatever stdout is: who calls has decided that. */
export function painter(color: boolean): Paint {
  return color ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text;
}

/** ECMA-48 control sequences. Not `stripVTControlCharacters`: up to a BEL it takes plain text along (seen on Node 20). */
const CSI = new RegExp('\u001b\\[[0-?]*[ -/]*[@-~]', 'g');

/**
 * A text from a host or a file without what could drive the terminal: escape sequences are cut out, other control
 * characters (tab and newline excepted) become `·`.
 */
export function printable(text: string): string {
  return text
    .replace(CSI, '')
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\t\n]/gu, '·');
}

/** The columns a text takes when printed; escape sequences take none. */
export function widthOf(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

/** Pads with blanks on the right to a number of columns. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}
