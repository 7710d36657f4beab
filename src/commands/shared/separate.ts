/**
 * Divides an argv after the first argument that is no flag: what follows a container's name, and a `--` if there is one,
 * belongs to the command that runs in it, flags included, in the order given. oclif must not see it: it sorts what it does
 * not know by first occurrence, so that `echo a b a` became `echo a a b`. `valued` are the flags that take a value.
 */
export function separate(
  argv: readonly string[],
  valued: readonly string[],
): { readonly own: string[]; readonly command: readonly string[] } {
  let end = 0;
  while (end < argv.length && argv[end]!.startsWith('-') && argv[end] !== '--')
    end += valued.includes(argv[end]!) ? 2 : 1;
  const name = end + (argv[end] === '--' ? 1 : 0);
  const rest = argv.slice(name + 1);
  return {
    own: [...argv.slice(0, end), ...argv.slice(name, name + 1)],
    command: rest[0] === '--' ? rest.slice(1) : rest,
  };
}
