/** `data:` URLs, the form in which an ignition document holds the contents of files. */

/** The bytes of a data URL, base64 or percent-encoded. Throws RangeError when it is none. */
export function decodeDataUrl(url: string): Buffer {
  const [, parameters, data] = /^data:([^,]*),(.*)$/s.exec(url) ?? [];
  if (parameters === undefined || data === undefined) throw new RangeError(`no data URL: ${url.slice(0, 40)}`);
  if (!parameters.endsWith(';base64')) return Buffer.from(decodeURIComponent(data));
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(data)) throw new RangeError('data URL with broken base64');
  return Buffer.from(data, 'base64');
}

/** The text as a base64 data URL. */
export function encodeDataUrl(text: string): string {
  return `data:text/plain;charset=utf-8;base64,${Buffer.from(text).toString('base64')}`;
}
