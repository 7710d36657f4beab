/** A program header that names an interpreter, that is, a dynamic linker (elf(5), PT_INTERP). */
const INTERPRETER = 3;

/** Whether this is an ELF program that needs no dynamic linker. */
export function isStaticElf(file: Buffer): boolean {
  if (file.length < 64 || file.readUInt32BE(0) !== 0x7f454c46) return false;
  const wide = file[4] === 2;
  const little = file[5] === 1;
  const short = (at: number): number => (little ? file.readUInt16LE(at) : file.readUInt16BE(at));
  const word = (at: number): number => (little ? file.readUInt32LE(at) : file.readUInt32BE(at));
  const start = wide ? Number(little ? file.readBigUInt64LE(32) : file.readBigUInt64BE(32)) : word(28);
  const size = short(wide ? 54 : 42);
  const count = short(wide ? 56 : 44);
  return Array.from({ length: count }, (_, i) => start + i * size).every(
    at => at + 4 <= file.length && word(at) !== INTERPRETER,
  );
}
