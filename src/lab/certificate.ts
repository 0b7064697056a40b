/** Certificates of the emulated BMCs and clusters: RFC 5280 by hand on node:crypto (no live package does it: libraries.md). */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Random } from '../core/random.ts';
import { bits, der, integer, octets, oid, sequence, set, text, time, TRUE } from './der.ts';

/** PEM, both. */
export interface Certified {
  certificate: string;
  privateKey: string;
}

export interface SelfSigned extends Certified {
  /** SHA-256 of the DER form, hex in lower case. */
  fingerprint: string;
}

/** A cluster's authority (PEM), what its API server shows, and by what it knows its administrator. */
export interface ClusterKeys {
  ca: string;
  server: Certified;
  admin: Certified;
}

const DAY_MS = 86_400_000;
const TEN_YEARS_MS = 3650 * DAY_MS;

/** For 127.0.0.1, valid for ten years from a day before `now`. */
export function selfSigned(commonName: string, now: number, random: Random): SelfSigned {
  const extensions = [alternativeName(der(0x87, Buffer.from([127, 0, 0, 1])))];
  const issued = issue({ subject: { CN: commonName }, extensions, from: now - DAY_MS, to: now + TEN_YEARS_MS }, random);
  return { ...inPem(issued), fingerprint: createHash('sha256').update(issued.certificate).digest('hex') };
}

/**
 * New keys for the cluster whose API has this DNS name. Its clients go by real time, which may be far from the lab's:
 * so they are valid from long ago. Nobody keeps the authority's own key.
 */
export function issueClusterKeys(apiName: string, now: number, random: Random): ClusterKeys {
  const valid = { from: Date.UTC(2020, 0), to: now + TEN_YEARS_MS };
  const name = { OU: 'openshift', CN: 'kube-apiserver-lb-signer' };
  const authority = issue({ ...valid, subject: name, extensions: AUTHORITY }, random);
  const leaf = (subject: Names, purpose: string, ...more: Buffer[]): Certified =>
    inPem(issue({ ...valid, subject, extensions: [...leafFor(purpose), ...more] }, random, authority));
  const served = alternativeName(der(0x82, Buffer.from(apiName)));
  return {
    ca: inPem(authority).certificate,
    server: leaf({ O: 'kube-master', CN: 'system:kube-apiserver' }, SERVER_AUTH, served),
    admin: leaf({ O: 'system:masters', CN: 'system:admin' }, CLIENT_AUTH),
  };
}

type Names = Partial<Record<keyof typeof NAME_TYPES, string>>;

const NAME_TYPES = { O: '55040a', OU: '55040b', CN: '550403' };
const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'));
const SERVER_AUTH = '2b06010505070301';
const CLIENT_AUTH = '2b06010505070302';
const AUTHORITY = [
  extension('551d13', sequence(TRUE), true),
  extension('551d0f', bits(2, Buffer.from([0x04])), true), // keyCertSign
];

function leafFor(purpose: string): Buffer[] {
  const digitalSignature = bits(7, Buffer.from([0x80]));
  return [
    extension('551d13', sequence(), true),
    extension('551d0f', digitalSignature, true),
    extension('551d25', sequence(oid(purpose))),
  ];
}

const alternativeName = (name: Buffer): Buffer => extension('551d11', sequence(name));

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [TRUE] : []), octets(value));
}

interface Wanted {
  subject: Names;
  extensions: Buffer[];
  from: number;
  to: number;
}

interface Issued {
  /** DER. */
  certificate: Buffer;
  name: Buffer;
  keyId: Buffer;
  privateKey: KeyObject;
}

/** A new ECDSA P-256 key and its certificate, version 3; without an issuer it signs itself. */
function issue({ subject, extensions, from, to }: Wanted, random: Random, issuer?: Issued): Issued {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const name = sequence(
    ...Object.entries(subject).map(([type, value]) => set(sequence(oid(NAME_TYPES[type as keyof Names]), text(value)))),
  );
  const keyId = createHash('sha1').update(spki.subarray(-65)).digest();
  const identifiers = [
    extension('551d0e', octets(keyId)),
    extension('551d23', sequence(der(0x80, issuer?.keyId ?? keyId))),
  ];
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([0x01]), random.bytes(15)])),
    ECDSA_SHA256,
    issuer?.name ?? name,
    sequence(time(from), time(to)),
    name,
    spki,
    der(0xa3, sequence(...extensions, ...identifiers)),
  );
  const signature = bits(0, sign('sha256', body, issuer?.privateKey ?? privateKey));
  return { certificate: sequence(body, ECDSA_SHA256, signature), name, keyId, privateKey };
}

function inPem({ certificate, privateKey }: Issued): Certified {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
