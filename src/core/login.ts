/** Where a login goes: `[user@]address[:port]`. */
export interface Login {
  readonly user?: string;
  readonly address: string;
  readonly port?: number;
}

/** `[ssh://][user@]host[:port]`. Nothing may begin with "-": it will be an argument of ssh. */
export function parseLogin(value: string): Login | undefined {
  const match =
    /^(?:ssh:\/\/)?(?:([^@:/\s-][^@:/\s]*)@)?(?:\[([0-9a-fA-F:.]+(?:%[\w.-]+)?)\]|([\w][\w.-]*))(?::(\d{1,5}))?\/?$/.exec(
      value,
    );
  const address = match?.[2] ?? match?.[3];
  const port = match?.[4] === undefined ? undefined : Number(match[4]);
  if (!match || address === undefined || (port !== undefined && (port < 1 || port > 65535))) return undefined;
  return { ...(match[1] !== undefined && { user: match[1] }), address, ...(port !== undefined && { port }) };
}

/** A login as {@link parseLogin} reads it; an IPv6 address stands in brackets (RFC 3986, section 3.2.2). */
export function describeLogin({ user, address, port }: Login): string {
  const place = String(address).includes(':') ? `[${address}]` : String(address);
  return `${user === undefined ? '' : `${user}@`}${place}${port === undefined ? '' : `:${port}`}`;
}
