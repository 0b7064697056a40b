/** Self-signed certificates for the emulated BMCs: DER by hand on node:crypto (no live package does it: libraries.md). */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { Random } from '../core/random.ts';

export interface SelfSigned {
  /** PEM. */
  certificate: string;
  privateKey: string;
  /** SHA-256 of the DER form, hex in lower case. */
  fingerprint: string;
}

const YEAR_MS = 365 * 86_400_000;

/** ECDSA P-256, version 3, valid for ten years from a day before `now`, subject alternative name 127.0.0.1 (RFC 5280). */
export function selfSigned(commonName: string, now: number, random: Random): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid('2a8648ce3d040302'));
  const name = sequence(set(sequence(oid('550403'), der(0x0c, Buffer.from(commonName)))));
  const serial = Buffer.concat([Buffer.from([0x01]), random.bytes(15)]);
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    algorithm,
    name,
    sequence(time(now - 86_400_000), time(now + 10 * YEAR_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(alternativeName())),
  );
  const signature = sign('sha256', body, privateKey);
  const certificate = sequence(body, algorithm, der(0x03, Buffer.from([0]), signature));
  return {
    certificate: pem(certificate),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    fingerprint: createHash('sha256').update(certificate).digest('hex'),
  };
}

function alternativeName(): Buffer {
  const address = der(0x87, Buffer.from([127, 0, 0, 1]));
  return sequence(oid('551d11'), der(0x04, sequence(address)));
}

/** UTCTime to 2049, GeneralizedTime after. */
function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14);
  return Number(digits.slice(0, 4)) < 2050
    ? der(0x17, Buffer.from(`${digits.slice(2)}Z`))
    : der(0x18, Buffer.from(`${digits}Z`));
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts);
const set = (...parts: Buffer[]): Buffer => der(0x31, ...parts);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
