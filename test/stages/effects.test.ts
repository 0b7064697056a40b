/** What stages say beforehand of what they may do, for plans. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLUSTER_STAGES, HOST_STAGES } from '../../src/stages/index.ts';
import type { Stage } from '../../src/stages/stage.ts';

for (const [name, stage] of Object.entries({ ...CLUSTER_STAGES, ...HOST_STAGES }) as [string, Stage<never>][])
  test(`${name} ${stage.act ? 'says what it may bring about' : 'only waits, and says that it brings about nothing'}`, () => {
    const effects = Object.entries(stage.effects ?? {});
    assert.equal(effects.length > 0, stage.act !== undefined);
    for (const [effect, says] of effects) assert.ok(/^[a-z-]+$/.test(effect) && says.length > 0, effect);
  });
