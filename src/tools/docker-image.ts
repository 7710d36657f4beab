/** What a reference is called without tag and digest, as the engine's lists spell it. */
export function imageRepository(reference: string): string {
  return imageReference(reference)
    .replace(/@.*$/, '')
    .replace(/:[^/:]+$/, '');
}

/**
 * An image reference as the engine's lists spell it: Docker Hub's own prefixes left out, `:latest` where there is
 * neither tag nor digest, and the digest alone where there are both (the engine keeps no tag then). Ids stay.
 */
export function imageReference(reference: string): string {
  if (/^sha256:[0-9a-f]{64}$/.test(reference)) return reference;
  const short = reference.replace(/^(index\.)?docker\.io\//, '').replace(/^library\/(?=[^/]+$)/, '');
  const [name, hash] = short.split('@') as [string, string | undefined];
  const tagged = /^(.+):([^/:]+)$/.exec(name);
  if (hash !== undefined) return `${tagged ? tagged[1]! : name}@${hash}`;
  return tagged ? name : `${name}:latest`;
}
