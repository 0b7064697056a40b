/** The API servers of all clusters behind one listener, as DNS and a load balancer would lead there: TLS tells which one is meant. */
import { constants, X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Lab } from '../context.ts';
import { answerTo, type Caller } from './answers.ts';
import { type ClusterNode, fileOf } from './node.ts';

/** What Node's TLSSocket has on a server; its types leave out the first. */
interface Peer {
  servername?: string | false;
  authorized: boolean;
  getPeerCertificate(): object;
}

/** Who asks for a cluster without a node that is up is hung up on in the handshake. A connection carries one request. */
export function createClusterApi(lab: Lab): Server {
  const choose = (name: string, done: (error: Error | null, context?: SecureContext) => void): void => {
    const node = nodeBehind(lab, name);
    if (!node) return done(new Error(`nobody serves ${name}`));
    const [cert, key, ca] = [fileOf(node, 'certificate'), fileOf(node, 'privateKey'), fileOf(node, 'clientCa')];
    done(null, createSecureContext({ cert, key, ca, minVersion: 'TLSv1.2' }));
  };
  const tls = { requestCert: true, rejectUnauthorized: false, secureOptions: constants.SSL_OP_NO_TICKET };
  return createServer({ ...tls, SNICallback: choose }, ({ socket, method = 'GET', url = '/' }, res) => {
    const peer = socket as unknown as Peer;
    const node = nodeBehind(lab, peer.servername || '');
    if (!node) return void socket.destroy();
    const { status, body } = answerTo(node, callerOf(peer), method, url, lab.clock.now());
    lab.record({ kind: 'api', to: node.host.id, method, path: url, status });
    const isText = typeof body === 'string';
    res.writeHead(status, {
      'Content-Type': isText ? 'text/plain; charset=utf-8' : 'application/json',
      'Cache-Control': 'no-cache, private',
      Connection: 'close',
    });
    res.end(isText ? body : `${JSON.stringify(body)}\n`);
  });
}

/** The node that is up and has a certificate for the name on its disk. */
function nodeBehind(lab: Lab, name: string): ClusterNode | undefined {
  return [...lab.nodes.values()].find((node) => {
    const certificate = fileOf(node, 'certificate');
    return certificate !== '' && new X509Certificate(certificate).checkHost(name) !== undefined;
  });
}

/** The cluster issues one certificate for clients: its administrator's. */
function callerOf(peer: Peer): Caller {
  if (peer.authorized) return 'admin';
  return Object.keys(peer.getPeerCertificate()).length > 0 ? 'stranger' : 'anonymous';
}
