import type { ContainerFile, Diagnostic, DocPath, FileUse, Locate, StackDeclaration } from '../core/index.js';

/** A file of this machine as it was read; `why` it could not be, in words. */
export type FileReading =
  | { readonly is: 'read'; readonly content: Uint8Array; readonly program: boolean }
  | { readonly is: 'unreadable'; readonly why: string; readonly hint?: string };

/** Reads a file of this machine by its absolute path. */
export type ReadFile = (path: string) => FileReading;

/** As swarms and Compose have it. */
const MODE = 0o444;
const PROGRAM = 0o555;

type Content = { readonly content: string; readonly program: boolean } | { readonly wrong: Wrong };
type Wrong = Pick<Diagnostic, 'code' | 'summary' | 'hint'> & { readonly key: string };

/** The files that a stack's services are given, by service, and what of them can't be had. A config that nobody has is not looked at. */
export function resolveFiles(
  stack: string,
  { configs, secrets, services }: StackDeclaration,
  readFile: ReadFile,
  locate: Locate,
): {
  readonly files: ReadonlyMap<string, readonly ContainerFile[]>;
  readonly diagnostics: readonly Diagnostic[];
} {
  const told = new Map<string, Diagnostic>();
  const contents = new Map<string, Content>();
  const contentOf = ({ from, source }: FileUse): Content | undefined => {
    const declared = (from === 'config' ? configs : secrets)[source];
    if (!declared) return undefined;
    const id = `${from} ${source}`;
    const found = contents.get(id) ?? contentOfDeclaration(from, source, declared, readFile);
    contents.set(id, found);
    if ('wrong' in found)
      told.set(id, diagnosticOf(found.wrong, ['stacks', stack, `${from}s`, source], locate));
    return found;
  };
  const files = Object.entries(services).map(([service, { files: uses }]) => {
    const made = uses.flatMap((use): readonly ContainerFile[] => {
      const found = contentOf(use);
      if (!found || 'wrong' in found) return [];
      const { target: path, uid = 0, gid = 0, mode = found.program ? PROGRAM : MODE } = use;
      return [{ path, uid, gid, mode, content: found.content }];
    });
    return [service, [...new Map(made.map(f => [f.path, f])).values()]] as const;
  });
  return { files: new Map(files), diagnostics: [...told.values()] };
}

function contentOfDeclaration(
  from: FileUse['from'],
  name: string,
  declared: StackDeclaration['configs'][string],
  readFile: ReadFile,
): Content {
  switch (declared.is) {
    case 'content':
      return { content: Buffer.from(declared.text).toString('base64'), program: false };
    case 'unset': {
      const summary = `the variable ${declared.variable} must be set: it is the ${from} "${name}"`;
      const hint = 'set it in the environment or in .env';
      return { wrong: { code: 'variable.required', summary, hint, key: 'environment' } };
    }
    case 'external': {
      const summary = `an external ${from} is kept by a swarm, and containers of an engine alone can't have it`;
      const hint = `give the ${from} as file: or environment:`;
      return { wrong: { code: 'key.conflict', summary, hint, key: 'external' } };
    }
    case 'file': {
      const file = readFile(declared.path);
      if (file.is === 'read')
        return { content: Buffer.from(file.content).toString('base64'), program: file.program };
      const summary = `cannot read ${declared.path}, the ${from} "${name}": ${file.why}`;
      const hint =
        file.hint ?? 'it is a file of this machine; relative paths begin where the file is that names it';
      return { wrong: { code: 'file.unreadable', summary, hint, key: 'file' } };
    }
  }
}

function diagnosticOf({ key, ...said }: Wrong, path: DocPath, locate: Locate): Diagnostic {
  const place = locate([...path, key]);
  return { severity: 'error', ...said, ...(place && { place }) };
}
