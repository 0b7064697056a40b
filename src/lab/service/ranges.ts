/** The Range header as Go's http.ServeContent reads it. */

export interface Range {
  start: number;
  /** Inclusive. */
  end: number;
}

/** The ranges wanted of `size` bytes; none: the whole. `outside`: none of them overlaps the file. */
export function parseRanges(header: string | undefined, size: number): Range[] | 'invalid' | 'outside' {
  if (header === undefined) return [];
  if (!header.startsWith('bytes=')) return 'invalid';
  const specs = header.slice('bytes='.length).split(',');
  const found = specs.filter((spec) => spec.trim()).map((spec) => parseRange(spec.trim(), size));
  if (found.includes('invalid')) return 'invalid';
  const ranges = found.filter((range): range is Range => typeof range === 'object');
  if (ranges.length === 0 && found.length > 0) return 'outside';
  const total = ranges.reduce((sum, { start, end }) => sum + end - start + 1, 0);
  return total > size ? [] : ranges;
}

function parseRange(spec: string, size: number): Range | 'invalid' | 'outside' {
  const [, first = '', last = ''] = /^(\d*)-(\d*)$/.exec(spec) ?? [];
  if (first === '' && last === '') return 'invalid';
  if (first === '') return Number(last) === 0 ? 'outside' : { start: Math.max(0, size - Number(last)), end: size - 1 };
  const start = Number(first);
  if (start >= size) return 'outside';
  if (last !== '' && Number(last) < start) return 'invalid';
  return { start, end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
}
