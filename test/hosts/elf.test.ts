import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isStaticElf } from '../../src/hosts/elf.js';

/** A 64-bit little-endian ELF header with program headers of the given types. */
function elf(...types: readonly number[]): Buffer {
  const file = Buffer.alloc(64 + types.length * 56);
  file.write('\x7fELF\x02\x01\x01', 0, 'latin1');
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(types.length, 56);
  types.forEach((type, i) => file.writeUInt32LE(type, 64 + i * 56));
  return file;
}

it('is static without an interpreter', () => {
  expect(isStaticElf(elf(1, 1, 4))).toBe(true);
  expect(isStaticElf(elf(6, 3, 1))).toBe(false);
});

it('is nothing else', () => {
  expect(isStaticElf(Buffer.from('#!/bin/sh\n'))).toBe(false);
  expect(isStaticElf(Buffer.alloc(64))).toBe(false);
  expect(isStaticElf(readFileSync(process.execPath).subarray(0, 65536))).toBe(false);
});
