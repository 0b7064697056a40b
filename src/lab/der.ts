/** ASN.1 in its DER form (X.690), as much of it as a certificate needs. */

/** Tag, length of up to two octets, content. */
export function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

export const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts);
export const set = (...parts: Buffer[]): Buffer => der(0x31, ...parts);
export const integer = (bytes: Buffer): Buffer => der(0x02, bytes);
export const octets = (...parts: Buffer[]): Buffer => der(0x04, ...parts);
export const text = (value: string): Buffer => der(0x0c, Buffer.from(value));
export const TRUE = der(0x01, Buffer.from([0xff]));

/** `hex` is the encoded identifier. */
export const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));

/** `unused` bits at the end do not count. */
export const bits = (unused: number, bytes: Buffer): Buffer => der(0x03, Buffer.from([unused]), bytes);

/** UTCTime to 2049, GeneralizedTime after. */
export function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14);
  return Number(digits.slice(0, 4)) < 2050
    ? der(0x17, Buffer.from(`${digits.slice(2)}Z`))
    : der(0x18, Buffer.from(`${digits}Z`));
}
