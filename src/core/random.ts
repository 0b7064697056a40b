/** Chance as a port: identifiers, tokens and jitter come from here, so that a run can be repeated by seed. */
import { createHash, randomBytes } from 'node:crypto';

export interface Random {
  bytes(length: number): Buffer;
}

export const systemRandom: Random = { bytes: (length) => randomBytes(length) };

/** The same bytes for the same seed, for tests. */
export function seededRandom(seed: string): Random {
  let count = 0;
  const block = (): Buffer => createHash('sha256').update(`${seed}/${count++}`).digest();
  return {
    bytes(length) {
      const blocks = Array.from({ length: Math.ceil(length / 32) }, block);
      return Buffer.concat(blocks).subarray(0, length);
    },
  };
}

/** A UUID of version 4. */
export function uuid(random: Random): string {
  const b = random.bytes(16);
  b[6] = (b[6]! & 0x0f) | 0x40;
  b[8] = (b[8]! & 0x3f) | 0x80;
  return b.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** An unguessable name of `bytes` random bytes, safe in a URL path. */
export function token(random: Random, bytes = 16): string {
  return random.bytes(bytes).toString('base64url');
}

/** A number in [0, 1). */
export function fraction(random: Random): number {
  return random.bytes(4).readUInt32BE() / 2 ** 32;
}
