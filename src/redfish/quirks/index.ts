/** The families, and which one a BMC belongs to. A new family is one file and one line here. */
import { dell } from './dell.ts';
import { hpe } from './hpe.ts';
import { GENERIC, type Quirk } from './quirk.ts';
import { supermicro } from './supermicro.ts';
import { sushyTools } from './sushy-tools.ts';

const FAMILIES: readonly Quirk[] = [dell, hpe, supermicro, sushyTools];

/** The family by what the BMC calls itself; `generic` when it is none of ours. */
export function quirkFor(names: string): Quirk {
  return FAMILIES.find(({ matches }) => matches.test(names)) ?? GENERIC;
}
