/** The Range header of a GET, against a file of a known size (RFC 9110 §14). */

/** First and last byte, both included. */
export interface Span {
  first: number;
  last: number;
}

/**
 * The one span that the header asks for, cut at the end of the file; `whole` where the header is absent, of another
 * unit, malformed, or asks for several spans (a server may ignore those: no reader of iso-readers.md sends them);
 * `unsatisfiable` where it lies behind the end.
 */
export function spanOf(header: string | undefined, size: number): Span | 'whole' | 'unsatisfiable' {
  const list = /^\s*bytes\s*=(.*)$/i.exec(header ?? '')?.[1];
  if (list === undefined) return 'whole';
  const specs = list
    .split(',')
    .map((spec) => spec.trim())
    .filter((spec) => spec !== '');
  const spec = /^(\d*)-(\d*)$/.exec(specs[0] ?? '');
  if (!spec || specs.length > 1) return 'whole';
  const [, from = '', to = ''] = spec;
  if (from === '') return to === '' ? 'whole' : suffix(Number(to), size);
  const first = Number(from);
  if (to !== '' && Number(to) < first) return 'whole';
  if (first >= size) return 'unsatisfiable';
  return { first, last: to === '' ? size - 1 : Math.min(Number(to), size - 1) };
}

function suffix(length: number, size: number): Span | 'unsatisfiable' {
  if (length === 0 || size === 0) return 'unsatisfiable';
  return { first: Math.max(0, size - length), last: size - 1 };
}
