import type { Step } from '../core/index.js';

/** Its number goes up with every change of the program: an image that a host has is never looked into. */
export const HOLDER_IMAGE = 'topo/holder:1';

/** The only file in it. */
export const HOLDER_PATH = '/holder';

/**
 * A program that holds a namespace: it blocks SIGTERM and SIGINT, so that they count even for the first process of a container, waits
 * for one of them, and ends as SIGTERM would end it: it is never done. Nothing but the kernel's own calls, so it needs no library and no file beside it; as machine
 * code, because whoever runs topo has no compiler for a host's processor. By the engine's words for processors.
 */
const PROGRAMS: Readonly<Record<string, { readonly machine: number; readonly code: string }>> = {
  amd64: {
    machine: 62,
    code: `
      68 02 40 00 00   push $0x4002          | the set: bit n-1 is signal n, 2 is SIGINT, 15 is SIGTERM
      48 89 e6         mov  %rsp, %rsi       | rt_sigprocmask(SIG_BLOCK, &set, NULL, 8)
      31 ff            xor  %edi, %edi
      31 d2            xor  %edx, %edx
      6a 08            push $8
      41 5a            pop  %r10
      6a 0e            push $14
      58               pop  %rax
      0f 05            syscall
      48 89 e7         mov  %rsp, %rdi       | again: rt_sigtimedwait(&set, NULL, NULL, 8)
      31 f6            xor  %esi, %esi
      31 d2            xor  %edx, %edx
      b8 80 00 00 00   mov  $128, %eax
      0f 05            syscall
      85 c0            test %eax, %eax
      78 ee            js   again            | stopped and continued
      bf 8f 00 00 00   mov  $143, %edi       | exit(143)
      6a 3c            push $60
      58               pop  %rax
      0f 05            syscall`,
  },
  arm64: {
    machine: 183,
    code: `
      ff 43 00 d1      sub  sp, sp, #16
      49 00 88 d2      mov  x9, #0x4002      | the set, as above
      e9 03 00 f9      str  x9, [sp]
      00 00 80 d2      mov  x0, #0           | rt_sigprocmask(SIG_BLOCK, &set, NULL, 8)
      e1 03 00 91      mov  x1, sp
      02 00 80 d2      mov  x2, #0
      03 01 80 d2      mov  x3, #8
      e8 10 80 d2      mov  x8, #135
      01 00 00 d4      svc  #0
      e0 03 00 91      mov  x0, sp           | again: rt_sigtimedwait(&set, NULL, NULL, 8)
      01 00 80 d2      mov  x1, #0
      02 00 80 d2      mov  x2, #0
      28 11 80 d2      mov  x8, #137
      01 00 00 d4      svc  #0
      60 ff ff b7      tbnz x0, #63, again   | stopped and continued
      e0 11 80 d2      mov  x0, #143         | exit(143)
      a8 0b 80 d2      mov  x8, #93
      01 00 00 d4      svc  #0`,
  },
};

/** The processors that there is a program for. */
export const holderArchitectures: readonly string[] = Object.keys(PROGRAMS);

/** Makes the image of the holder on a host: the programs go along, in base64 as `amd64=…`, and the host's own is taken. */
export function makeHolderImage(reference: string): Step {
  const programs = holderArchitectures.map(arch => `${arch}=${holderProgram(arch)!.toString('base64')}`);
  const args = [reference, HOLDER_PATH, ...programs];
  return { via: 'stream', name: 'holder', args, mutates: true, label: `make image ${reference}` };
}

/** The whole file; undefined for processors that there is none for. */
export function holderProgram(arch: string): Buffer | undefined {
  const program = PROGRAMS[arch];
  if (!program) return undefined;
  const bytes = program.code.split('\n').flatMap(line => /^(\s*[0-9a-f]{2}\b)+/.exec(line)?.[0] ?? []);
  return executable(program.machine, Buffer.from(bytes.join('').replaceAll(/\s/g, ''), 'hex'));
}

/** Where it is in memory. */
const BASE = 0x40_0000;

/** A static ELF file (System V ABI, chapter 4): one header, one segment that is the whole file, and the code behind them. */
function executable(machine: number, code: Buffer): Buffer {
  const size = HEADERS + code.length;
  const file = Buffer.concat([Buffer.alloc(HEADERS), code]);
  Buffer.from('7f454c46020101', 'hex').copy(file); // 64 bits, little-endian, version 1
  file.writeUInt16LE(2, 16); // executable
  file.writeUInt16LE(machine, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(BigInt(BASE + HEADERS), 24); // entry
  file.writeBigUInt64LE(64n, 32); // where the segment's header is
  file.writeUInt16LE(64, 52);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(1, 56);
  file.writeUInt32LE(1, 64); // to be loaded,
  file.writeUInt32LE(5, 68); // to be read and executed
  file.writeBigUInt64LE(BigInt(BASE), 80);
  file.writeBigUInt64LE(BigInt(BASE), 88);
  file.writeBigUInt64LE(BigInt(size), 96);
  file.writeBigUInt64LE(BigInt(size), 104);
  file.writeBigUInt64LE(0x1_0000n, 112); // alignment: the largest page there is
  return file;
}

const HEADERS = 64 + 56;
