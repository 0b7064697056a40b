/** Connections of the HTTP client: where they lead, whom they trust, and who they say we are. */
import { createHash } from 'node:crypto';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { Agent, buildConnector } from 'undici';

/**
 * How the server's certificate is trusted. A fingerprint is the SHA-256 of the DER form, hex, colons allowed; `ca`, and
 * the certificate and key by which the server knows us, are PEM.
 */
export type Trust =
  | { kind: 'verify'; ca?: string; cert?: string; key?: string }
  | { kind: 'pin'; fingerprint: string }
  | { kind: 'insecure' };

/** As curl's --connect-to: for `name:port` the connection goes to this `host:port`; all else stays that of the URL. */
export type ConnectTo = Readonly<Record<string, string>>;

const CONNECT_TIMEOUT_MS = 15_000;

export function createAgent(trust: Trust, connectTo: ConnectTo): Agent {
  const { kind, ...pem } = trust;
  const plain = buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    rejectUnauthorized: kind === 'verify',
    // A resumed TLS session shows no certificate, and a pin could not be checked.
    maxCachedSessions: 0,
    ...(kind === 'verify' ? pem : {}),
  });
  const elsewhere: buildConnector.connector = (options, callback) => plain(redirected(options, connectTo), callback);
  const connect: buildConnector.connector =
    trust.kind !== 'pin'
      ? elsewhere
      : (options, callback) =>
          elsewhere(options, (error, socket) => {
            if (error) return callback(error, null);
            const problem = 'getPeerCertificate' in socket ? wrongPin(socket, trust.fingerprint) : undefined;
            if (!problem) return callback(null, socket);
            socket.destroy();
            callback(problem, null);
          });
  return new Agent({ connect, connections: 2, pipelining: 0 });
}

/** The name for TLS is taken from `host`, which stays. */
function redirected(options: buildConnector.Options, connectTo: ConnectTo): buildConnector.Options {
  const port = options.port || (options.protocol === 'https:' ? '443' : '80');
  const target = connectTo[`${options.hostname}:${port}`];
  if (target === undefined) return options;
  const colon = target.lastIndexOf(':');
  return { ...options, hostname: target.slice(0, colon).replace(/^\[|\]$/g, ''), port: target.slice(colon + 1) };
}

function wrongPin(socket: TLSSocket, fingerprint: string): Error | undefined {
  const { raw } = socket.getPeerCertificate() as Partial<PeerCertificate>;
  const seen = raw ? createHash('sha256').update(raw).digest('hex') : 'of no certificate';
  if (seen === normalFingerprint(fingerprint)) return undefined;
  return Object.assign(new Error(`certificate has SHA-256 ${seen}`), { code: 'PIN' });
}

/** Hex in lower case without colons. */
export function normalFingerprint(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase();
}
