/** What stages say beforehand of what they may do, for plans. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLUSTER_STAGES, HOST_STAGES } from '../../src/stages/index.ts';
import type { Stage } from '../../src/stages/stage.ts';

const cluster = (manifests: number) => ({ spec: { manifests: Array.from({ length: manifests }) } });
const effectsOf = ({ effects }: Stage<never>, manifests = 1) =>
  typeof effects === 'function' ? effects(cluster(manifests) as never) : (effects ?? {});

for (const [name, stage] of Object.entries({ ...CLUSTER_STAGES, ...HOST_STAGES }) as [string, Stage<never>][])
  test(`${name} ${stage.act ? 'says what it may bring about' : 'only waits, and says that it brings about nothing'}`, () => {
    const effects = Object.entries({ ...effectsOf(stage), ...stage.ifNeeded });
    assert.equal(effects.length > 0, stage.act !== undefined);
    for (const [effect, says] of effects) assert.ok(/^[a-z-]+$/.test(effect) && says.length > 0, effect);
  });

test('a cluster without manifests has none to upload', () =>
  assert.deepEqual(
    [0, 1, 2].map((manifests) => Object.values(effectsOf(CLUSTER_STAGES['upload-manifests'], manifests))),
    [[], ['upload its manifest'], ['upload its 2 manifests']],
  ));
