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
  const specs = header
    .slice('bytes='.length)
    .split(',')
    .map((spec) => spec.trim());
  const ranges: Range[] = [];
  let outside = false;
  for (const spec of specs.filter(Boolean)) {
    const found = parseRange(spec, size);
    if (found === 'invalid') return 'invalid';
    if (found === 'outside') outside = true;
    else ranges.push(found);
  }
  if (ranges.length === 0 && outside) return 'outside';
  const total = ranges.reduce((sum, { start, end }) => sum + end - start + 1, 0);
  return total > size ? [] : ranges;
}

function parseRange(spec: string, size: number): Range | 'invalid' | 'outside' {
  const [, first, last] = /^(\d*)-(\d*)$/.exec(spec) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return 'invalid';
  if (first === '')
    return size === 0 || Number(last) === 0 ? 'outside' : { start: Math.max(0, size - Number(last)), end: size - 1 };
  const start = Number(first);
  if (start >= size) return 'outside';
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return last !== '' && Number(last) < start ? 'invalid' : { start, end };
}
