/** `npm run peers`: others' programs against ours, and ours against theirs. Needs Python; some need ../shared. */
import { $ } from 'zx/core';

process.exitCode =
  (
    await $({
      stdio: 'inherit',
      nothrow: true,
    })`node --test dist/test/peers/service.peer.js dist/test/peers/sushy-tools.peer.js`
  ).exitCode ?? 1;
