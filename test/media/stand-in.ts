/** A run that only publishes: `node stand-in.js <folder> <iso> <factor>` says its URLs as a message, and waits to be killed. */
import { createClock } from '../../src/core/clock.ts';
import { systemRandom } from '../../src/core/random.ts';
import { createMediaDesk } from '../../src/run/media-desk.ts';
import type { HostContext } from '../../src/stages/context.ts';

const [dir = '', path = '', size = '', factor = ''] = process.argv.slice(2);
const iso = { path, size: Number(size), lastModified: 'Sun, 22 Nov 2026 21:31:00 GMT' };
const desk = createMediaDesk({
  dir,
  address: '127.0.0.1',
  port: null,
  clock: createClock(Number(factor)),
  random: systemRandom,
  say: () => undefined,
});
await desk.resume();
process.send?.(await desk.publish({ subject: 'c/h', bmcHost: '127.0.0.1' } as HostContext, iso));
