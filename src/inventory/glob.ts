/** Wildcards of a shell over one name: `*`, `?`, `[a-c]`, `[!a]`. Its time grows with pattern times name, whatever they are. */

/** One place of a pattern: any number of characters, or one that it accepts. */
type Token = '*' | ((char: string) => boolean);

export function hasWildcards(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

export function wildcard(pattern: string): (name: string) => boolean {
  const parts = pattern.match(/\[[!^]?\]?[^\]]*\]|[^]/gu) ?? [];
  const tokens = parts.map(tokenOf);
  return (name) => fits(tokens, Array.from(name));
}

function tokenOf(part: string): Token {
  if (part === '*') return '*';
  if (part === '?') return () => true;
  if (part.length < 3 || !part.startsWith('[')) return (char) => char === part;
  const not = /^\[[!^]/.test(part);
  const ranges = part.slice(not ? 2 : 1, -1).match(/[^]-[^]|[^]/gu) ?? [];
  const inside = (char: string): boolean =>
    ranges.some((range) => (range.length === 3 ? range[0]! <= char && char <= range[2]! : char === range));
  return (char) => inside(char) !== not;
}

/** After a mismatch the last `*` takes one character more: those before it never have to be tried again. */
function fits(tokens: readonly Token[], name: readonly string[]): boolean {
  let [t, n, star, from] = [0, 0, -1, 0];
  while (n < name.length) {
    const token = tokens[t];
    if (token === '*') [star, from, t] = [t, n, t + 1];
    else if (token?.(name[n]!)) [t, n] = [t + 1, n + 1];
    else if (star >= 0) [t, n, from] = [star + 1, from + 1, from + 1];
    else return false;
  }
  return tokens.slice(t).every((token) => token === '*');
}
