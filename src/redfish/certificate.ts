/** The certificate of a BMC: learnt before anything is sent, and what to do about one that is not trusted. */
import { SnobootError } from '../core/errors.ts';
import { HttpError } from '../core/http-error.ts';
import { normalFingerprint } from '../core/fingerprint.ts';
import type { HttpRequest, Send } from '../core/http.ts';
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

export interface MetCertificate {
  send: Send;
  /** SHA-256, hex; null where there is no TLS, or nothing was sent yet. */
  fingerprint(): string | null;
}

/**
 * Sends as before, after one handshake that learns the certificate. Where the inventory checks none, all that follows goes
 * to the holder of that one alone.
 */
export function meetCertificate(
  { origin, trust }: BmcTarget,
  { send, onCertificate }: { send: Send; onCertificate?: (fingerprint: string) => void },
): MetCertificate {
  if (trust.kind === 'pin') return { send, fingerprint: () => normalFingerprint(trust.fingerprint) };
  if (!origin.startsWith('https:')) return { send, fingerprint: () => null };
  let seen: string | undefined;
  const learn = async (signal?: AbortSignal): Promise<void> => {
    seen ??= await learnt(origin, send, signal);
    if (seen !== undefined) onCertificate?.(seen);
  };
  return {
    send: async (request) => {
      if (request.trust?.kind === 'pin') return send(request);
      if (seen === undefined) await learn(request.signal);
      const isHeld = trust.kind === 'insecure' && seen !== undefined;
      return send(isHeld ? { ...request, trust: { kind: 'pin', fingerprint: seen! } } : request);
    },
    fingerprint: () => seen ?? null,
  };
}

async function look(target: BmcTarget, send: Send): Promise<string | undefined> {
  return learnt(target.origin, send).catch(() => undefined);
}

/** Undefined where there is a server without a certificate that could be read. Throws HttpError when nobody takes the connection. */
async function learnt(origin: string, send: Send, signal?: AbortSignal): Promise<string | undefined> {
  const trust = { kind: 'pin', fingerprint: NO_CERTIFICATE } as const;
  const request: HttpRequest = { method: 'GET', url: origin, trust, timeoutMs: 15_000, ...(signal ? { signal } : {}) };
  try {
    await send(request);
    return undefined;
  } catch (error) {
    const fingerprint = SEEN.exec((error as Error).message)?.[1];
    if (fingerprint === undefined && error instanceof HttpError && error.failure !== 'tls') throw error;
    return fingerprint;
  }
}
