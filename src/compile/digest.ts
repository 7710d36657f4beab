/** A keyed digest of a value that must not be seen (HMAC-SHA-256, cut). */
export type Digest = (value: string) => string;
