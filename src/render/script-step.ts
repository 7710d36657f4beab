import {
  type Action,
  type Argument,
  type CopyCall,
  type EngineCall,
  type NetnsRef,
  quoteArgv,
  quoteWord,
  type Step,
} from '../core/index.js';
import { environmentKey, environmentOf } from './script-environment.js';

/** One step as lines of POSIX shell, using the functions of the script's prelude. */
export function renderStep(step: Step, action: Action, names: ReadonlyMap<string, string>): string {
  const nameOf = (entry: string): string => names.get(environmentKey(action, entry))!;
  switch (step.via) {
    case 'exec':
      return `${enter(step.netns)}${quoteArgv(step.argv)}${stdin(step.stdin)}`;
    case 'script':
      return `script ${[quoteWord(step.name), ...step.args.map(argument)].join(' ')}${stdin(step.stdin)}`;
    case 'docker':
      return renderEngineCall(step, environmentOf(step), nameOf);
    case 'file':
      return renderFile(step.path, step.mode, step.content);
    case 'copy':
      return renderCopy(step);
    case 'build':
      return `${have(step.reference)} # else, where the context is: docker build -t ${quoteWord(step.reference)} …`;
    case 'stream':
      if (step.name === 'hook')
        return renderBody(`hook ${quoteWord(step.args[0] ?? '')}`, step.body, environmentOf(step), nameOf);
      return STREAMS[step.name](step.args[0] ?? '', step.args);
  }
}

function enter(netns: NetnsRef | undefined): string {
  return netns === undefined ? '' : `nsenter --net=${pathOf(netns)} `;
}

function argument(value: Argument): string {
  return typeof value === 'string' ? quoteWord(value) : pathOf(value);
}

function pathOf({ container }: NetnsRef): string {
  return `"$(netns ${quoteWord(container)})"`;
}

/** A here-document whose end mark the text does not hold. */
function stdin(text: string | undefined): string {
  if (text === undefined) return ' </dev/null';
  let mark = 'EOF';
  while (text.split('\n').includes(mark)) mark += '_';
  return ` <<'${mark}'\n${text}${text.endsWith('\n') ? '' : '\n'}${mark}`;
}

/** An Engine API call; headers are left out, as all that topo sends is a registry's login. */
function renderEngineCall(
  call: EngineCall,
  environment: readonly string[],
  nameOf: (entry: string) => string,
): string {
  const head = `engine ${quoteArgv([call.method, call.path, ...(call.accept ?? []).map(String)])}`;
  return renderBody(head, call.body, environment, nameOf);
}

/** A command that is fed a JSON body, values of an environment in it by their names. */
function renderBody(
  head: string,
  content: unknown,
  environment: readonly string[],
  nameOf: (entry: string) => string,
): string {
  if (content === undefined) return `${head} </dev/null`;
  if (environment.length === 0) return head + stdin(JSON.stringify(content, undefined, 2));
  const tokens = environment.map((_, i) => `@topo-value-${i}@`);
  const body = JSON.stringify({ ...(content as object), Env: tokens }, undefined, 2).replace(
    /[\\$`]/g,
    '\\$&',
  );
  const value = (entry: string): string => `${entry.split('=', 1)[0]}=$(json "$${nameOf(entry)}")`;
  return `${head} <<EOF\n${environment.reduce((text, entry, i) => text.replace(tokens[i]!, () => value(entry)), body)}\nEOF`;
}

/** What only its owner may read is a secret: it is named and not shown. */
function renderFile(path: string, mode: number, content: string): string {
  const octal = mode.toString(8).padStart(4, '0');
  if ((mode & 0o077) === 0)
    return `# ${quoteWord(path)} (mode ${octal}) holds private data: \`topo up\` writes it`;
  return `install -D -m ${octal} /dev/stdin ${quoteWord(path)}${stdin(content)}`;
}

/** Contents may be secret: whoever runs the script puts the files where it looks for them. */
function renderCopy({ container, directory, files }: CopyCall): string {
  const below = directory === '/' ? '' : directory;
  const path = `/containers/${encodeURIComponent(container)}/archive?path=${encodeURIComponent(directory)}`;
  const lines = files.map(({ path: target, uid, gid, mode }) => {
    const own = `-o ${uid} -g ${gid} -m ${mode.toString(8).padStart(4, '0')}`;
    return `install -D ${own} "\${FILES:?}"${quoteWord(`/${container}${target}`)} "$root"${quoteWord(target.slice(below.length))}`;
  });
  return [
    `# FILES: a directory with the content of ${files.map(f => quoteWord(`${container}${f.path}`)).join(', ')}`,
    'root=$(mktemp -d) && chmod 755 "$root"',
    ...lines,
    `tar -C "$root" -c . | CONTENT_TYPE=application/x-tar engine PUT ${quoteWord(path)}`,
    'rm -r "$root"',
  ].join('\n');
}

function have(image: string): string {
  return `engine GET ${quoteWord(`/images/${image}/json`)} </dev/null`;
}

/** What hosts/ does for a stream, as far as it can be done from the host itself. */
const STREAMS = {
  pull: (image: string) =>
    `engine POST ${quoteWord(`/images/create?fromImage=${encodeURIComponent(image)}`)} </dev/null || ${have(image)} # if it is private: docker login and docker pull it beforehand`,
  push: (image: string) =>
    `${have(image)} # else, from the operator's machine: docker save ${quoteWord(image)} | ssh … docker load`,
  busybox: (image: string) => {
    const from = `/images/create?fromSrc=-&repo=${encodeURIComponent(image)}`;
    return [
      'root=$(mktemp -d) && mkdir "$root/bin" && cp "$(command -v busybox)" "$root/bin/busybox"',
      'for applet in $(busybox --list); do [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"; done',
      `tar -C "$root" -c . | CONTENT_TYPE=application/x-tar engine POST ${quoteWord(from)}`,
      'rm -r "$root"',
    ].join('\n');
  },
  holder: (image: string, [, path = '', ...programs]: readonly string[]) => {
    const [name = '', tag = 'latest'] = image.split(':');
    const from = `/images/create?fromSrc=-&repo=${encodeURIComponent(name)}&tag=${tag}`;
    const cases = programs.map(program => {
      const [, arch = '', base64 = ''] = /^(\w+)=(.*)$/.exec(program) ?? [];
      return `*'"Arch":"${arch}"'*) echo ${quoteWord(base64)} ;;`;
    });
    return [
      'root=$(mktemp -d)',
      `case $(curl -sS --unix-socket "$socket" http://docker/version) in\n${cases.join('\n')}\nesac | base64 -d >"$root"${path}`,
      `chmod 755 "$root"${path}`,
      `tar -C "$root" -c . | CONTENT_TYPE=application/x-tar engine POST ${quoteWord(from)}`,
      'rm -r "$root"',
    ].join('\n');
  },
  ready: (container: string, [, condition = '', within = '', need]: readonly string[]) => {
    const seconds = Math.ceil(Number(within) / 1000);
    return `ready ${quoteArgv([container, condition, String(seconds)])}${need === 'optional' ? ' || :' : ''}`;
  },
} as const;
