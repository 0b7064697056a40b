/** Connections of the HTTP client: where they lead, whom they trust, and who they say we are. */
import { createHash } from 'node:crypto';
import { type PeerCertificate, rootCertificates, type TLSSocket } from 'node:tls';
import { Agent, buildConnector, type Dispatcher, ProxyAgent } from 'undici';
import { normalFingerprint } from './fingerprint.ts';
import type { Proxy } from './proxy.ts';

/**
 * How the server's certificate is trusted. A fingerprint is the SHA-256 of the DER form, hex, colons allowed; `ca`, and
 * the certificate and key by which the server knows us, are PEM. `ca` stands in place of the authorities that all trust,
 * `alsoCa` beside them.
 */
export type Trust =
  | { kind: 'verify'; ca?: string; alsoCa?: string; cert?: string; key?: string }
  | { kind: 'pin'; fingerprint: string }
  | { kind: 'insecure' };

/** As curl's --connect-to: for `name:port` the connection goes to this `host:port`; all else stays that of the URL. */
export type ConnectTo = Readonly<Record<string, string>>;

const CONNECT_TIMEOUT_MS = 15_000;

export function createAgent(trust: Trust, connectTo: ConnectTo): Agent {
  const plain = buildConnector(tlsOf(trust));
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

/** As `createAgent`, by way of a proxy; not for pins, which are for BMCs. An http URL is asked of the proxy without a tunnel. */
export function createProxyAgent(trust: Exclude<Trust, { kind: 'pin' }>, { uri, authorization }: Proxy): ProxyAgent {
  return new ProxyAgent({
    uri,
    ...(authorization ? { token: authorization.reveal() } : {}),
    requestTls: tlsOf(trust),
    proxyTls: tlsOf(trust),
    proxyTunnel: false,
    connections: 2,
    pipelining: 0,
  });
}

/** The same, with a check in the moment in which a request goes out on its connection: what it throws ends the request. */
export function checked(agent: Dispatcher, check: () => void): Dispatcher {
  return agent.compose(
    (dispatch) => (options, inner) =>
      dispatch(options, {
        onRequestStart: (controller, context) => {
          try {
            check();
          } catch (error) {
            return controller.abort(error as Error);
          }
          inner.onRequestStart?.(controller, context);
        },
        onRequestUpgrade: (...args) => inner.onRequestUpgrade?.(...args),
        onResponseStart: (...args) => inner.onResponseStart?.(...args),
        onResponseData: (...args) => inner.onResponseData?.(...args),
        onResponseEnd: (...args) => inner.onResponseEnd?.(...args),
        onResponseError: (...args) => inner.onResponseError?.(...args),
      }),
  );
}

function tlsOf(trust: Trust) {
  const base = { timeout: CONNECT_TIMEOUT_MS, rejectUnauthorized: trust.kind === 'verify' };
  // A resumed TLS session shows no certificate, and a pin could not be checked.
  if (trust.kind !== 'verify') return { ...base, maxCachedSessions: 0 };
  const { alsoCa, ca, cert, key } = trust;
  const authorities = alsoCa === undefined ? ca : [...rootCertificates, alsoCa];
  return {
    ...base,
    maxCachedSessions: 0,
    ...(authorities === undefined ? {} : { ca: authorities }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
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
