/** `npm run bench [-- NAME…]`: what snoboot costs, measured side by side in one run. It prints, and asserts nothing. */
import { bench as deployment } from './bench/deployment.ts';
import { bench as inventory } from './bench/inventory.ts';
import { bench as startup } from './bench/startup.ts';
import { bench as view } from './bench/view.ts';

const BENCHES: Record<string, () => Promise<void>> = { startup, inventory, deployment, view };

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`no bench ${unknown.join(', ')}: there are ${Object.keys(BENCHES).join(', ')}`);
  process.exitCode = 2;
} else for (const name of asked.length > 0 ? asked : Object.keys(BENCHES)) await BENCHES[name]!();
