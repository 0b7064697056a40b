/** `npm run topologies [-- identity 1000 | plan 200 [SEED]]`: the generated inventories of the tests, as many as one likes. */
import { run as identity } from './identity.ts';
import { run as plan } from './plan.ts';

const [which, count, seed = 'all'] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const violations = [
  ...(which === 'plan' ? [] : await identity(Number(count ?? 1000), seed)),
  ...(which === 'identity' ? [] : await plan(Number(count ?? 200), seed, say)),
];
violations.forEach(say);
say(`${violations.length} violations`);
process.exitCode = violations.length > 0 ? 1 : 0;
