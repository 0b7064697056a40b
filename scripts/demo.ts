/** `npm run demo`: nothing but `snoboot deploy inventory/lab.yaml`, as a user types it. */
import { $ } from 'zx/core';

// Ctrl-C reaches the whole group; snoboot decides what it means, and this waits for it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

const demo = await $({
  stdio: 'inherit',
  nothrow: true,
  detached: false,
})`node dist/src/cli/main.js deploy inventory/lab.yaml`;
process.exitCode = demo.exitCode ?? 1;
