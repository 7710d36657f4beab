/** What engines say (20.10 to 29) when a call fails, and what a user can do about it. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /port is already allocated|address already in use.*(bind|listen)|(bind|listen).*address already in use/i,
    'something else on the host listens on that port: free it (`ss -lntup` names it), or publish another one',
  ],
  [
    /Pool overlaps with other one/i,
    'another Docker network of that host has addresses of this subnet: choose another `subnet`',
  ],
  [
    /networks have same bridge name/i,
    'another Docker network of that host has this bridge device: remove that network',
  ],
  [
    /has active endpoints/i,
    'a container is still connected to the network: `docker network inspect` names it; stop or disconnect it',
  ],
  [
    /does not belong to any of this network's subnets/i,
    'the fixed address lies outside of the subnet of its network',
  ],
  [/^Address already in use$/i, 'another container of that network has this address already'],
  [
    /No such image|manifest unknown/i,
    'check the name of the image; `pull_policy: push` takes it from your own engine',
  ],
  [
    /no space left on device/i,
    "the engine's disk is full: `docker system df` on that host shows what fills it",
  ],
  [
    /(executable file not found|exec: .*(no such file or directory|permission denied))/i,
    'the image has no such program (or it is not executable): check `command` and `entrypoint`',
  ],
  [
    /kernel does not support/i,
    "that host's kernel can't limit this: leave the key out, or turn the control group on there",
  ],
  [
    /but it is not a shared( or slave)? mount/i,
    'that propagation needs a mount of the same kind on the host: mount --make-rshared there, or leave propagation out',
  ],
  [
    /^get: no such volume/i,
    "this engine can't hand on a mount of type tmpfs by `volumes_from` (seen on 20.10): give the other service `tmpfs:` instead",
  ],
  [/exec format error/i, 'the image is made for another processor than that host has'],
  [/bind source path does not exist/i, "a bind's source is a path on the engine's host, and must be there"],
  [
    /error while creating mount source path|permission denied.*mount|mount.*permission denied/i,
    "the engine can't use that path of its host: check the source of the mount, and who may read it",
  ],
  [
    /container name .* is already in use|already exists/i,
    'that name is taken by something that came in since the plan was made: plan again',
  ],
  [/volume is in use/i, 'a container that is not part of this topology uses the volume: remove it first'],
  [/network .* not found/i, 'the network went away since the plan was made: plan again'],
  [
    /could not find an available.*address pool|non-overlapping IPv4 address pool/i,
    'the engine has no address pool left: give the network a `subnet`',
  ],
  [/permission denied/i, 'the engine was not permitted to do that: its log on that host says more'],
];

/** A hint for an error of the engine, undefined where its own message has to do. */
export function explainEngineError(message: string, status = 0): string | undefined {
  const known = HINTS.find(([pattern]) => pattern.test(message));
  if (known) return known[1];
  return status >= 500
    ? 'the log of the engine on that host may say more (`journalctl -u docker`)'
    : undefined;
}
