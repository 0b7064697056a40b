/** The one origin of a BMC: what it links to elsewhere is never followed, for it would carry the login along. */
import { SnobootError } from '../core/errors.ts';
import { printable } from '../core/secret.ts';

/** Path and query of a link, target or Location within `origin`; E-BMC-ORIGIN when it points to another one. */
export function pathWithin(origin: string, link: string, from = '/'): string {
  const base = new URL(origin).origin;
  if (!URL.canParse(link, base + from)) throw strange(base, link);
  const url = new URL(link, base + from);
  if (url.origin !== base) throw strange(base, link);
  return url.pathname + url.search;
}

function strange(base: string, link: string): SnobootError {
  return new SnobootError(
    'E-BMC-ORIGIN',
    `the BMC at ${base} points to another place: ${printable(link, 150)}`,
    'nothing was sent there; use the address that the BMC itself names, or reach it without a proxy in between',
  );
}
