/** A certificate that is not trusted: which one was seen, and how to trust it. */
import { SnobootError } from '../core/errors.ts';
import type { HttpError } from '../core/http-error.ts';
import type { Send } from '../core/http.ts';
import type { BmcTarget } from './model.ts';

const SEEN = /SHA-256 ([0-9a-f]{64})/;
const NO_CERTIFICATE = '0'.repeat(64);

/**
 * E-BMC-TLS for a failed handshake. Where the certificate was not shown by the failure itself, a second handshake
 * against a pin that nothing can match learns it: nothing is ever sent over that connection.
 */
export async function certificateError(error: HttpError, target: BmcTarget, send: Send): Promise<SnobootError> {
  const seen = SEEN.exec(error.message)?.[1] ?? (target.trust.kind === 'verify' ? await look(target, send) : undefined);
  const why = target.trust.kind === 'pin' ? 'is not the pinned one' : 'is not trusted';
  const message = seen
    ? `the certificate of the BMC at ${target.origin} ${why}: SHA-256 ${seen}`
    : `no TLS connection to the BMC at ${target.origin}: ${error.message}`;
  const todo = seen
    ? 'compare it with the one that the BMC shows on its own page; if they agree, pin that fingerprint for this host in the inventory'
    : 'check the TLS versions that the BMC allows (1.2 at least), and that the address is that of a BMC';
  return new SnobootError('E-BMC-TLS', message, todo, error);
}

async function look(target: BmcTarget, send: Send): Promise<string | undefined> {
  const trust = { kind: 'pin', fingerprint: NO_CERTIFICATE } as const;
  try {
    await send({ method: 'GET', url: target.origin, trust, timeoutMs: 15_000 });
    return undefined;
  } catch (error) {
    return SEEN.exec((error as Error).message)?.[1];
  }
}
