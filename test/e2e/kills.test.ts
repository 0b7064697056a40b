/** The run killed at every kind of record, and gone on with each time: nothing destructive happens twice. `npm run kills` kills at every single one. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertOnce, ONCE } from './destructive.ts';
import { createScene, endLabs, type Scene } from './scene.ts';

/** The effects of one cluster and its host, in the order in which a run comes to them. */
const EFFECTS = [
  ['create-cluster', 'create-cluster'],
  ['upload-manifests', 'upload [^"]*'],
  ['create-infra-env', 'create-infra-env'],
  ['download-iso', 'download'],
  ['insert-media', 'insert'],
  ['boot-once', 'override'],
  ['boot-once', 'power-on'],
  ['assign-hosts', 'host [^"]*'],
  ['install', 'install'],
  ['eject-media', 'eject'],
  ['save-credentials', 'save'],
] as const;

const ofEffects = (type: 'intent' | 'result'): string[] =>
  EFFECTS.map(
    ([stage, effect]) => `"subject":"sno-ai-test[^"]*","type":"${type}","stage":"${stage}","effect":"${effect}"`,
  );

const OTHERS = [
  '"type":"run.started"',
  '"type":"found"',
  '"type":"stage.started","stage":"check-bmc"',
  '"type":"stage.succeeded","stage":"create-infra-env"',
  '"type":"stage.progressed","stage":"download-iso"',
  '"type":"stage.succeeded","stage":"insert-media"',
  '"type":"media.read"',
  '"type":"stage.succeeded","stage":"await-agent"',
  '"type":"validations"',
  '"type":"stage.started","stage":"install"',
  '"type":"stage.started","stage":"await-reboot"',
  '"type":"stage.progressed","stage":"await-reboot"[^\\n]*percent',
  '"type":"stage.succeeded","stage":"eject-media"',
  '"type":"stage.succeeded","stage":"await-disk-boot"',
  '"type":"cluster.ended"',
];

/** Kills at each record in turn and goes on; each of them has to be written. */
async function killAtEach(scene: Scene, records: string[]): Promise<void> {
  for (const record of records) {
    const { code, stderr } = await scene.killed(['deploy', 'lab.yaml'], `/${record}/`);
    assert.equal(code, null, `no ${record}\n${stderr}`);
  }
}

after(endLabs);

describe('killed and gone on with', { concurrency: 2 }, () => {
  for (const [name, records] of [
    ['right before each effect', ofEffects('intent')],
    ['right after each effect', ofEffects('result')],
    ['at every other kind of record', OTHERS],
  ] as const)
    test(`${name}: the same end, each destructive effect once`, async (t) => {
      const scene = createScene();
      const { down } = await scene.labUp({ holds: true });
      await killAtEach(scene, records);
      const { code, stderr, stdout } = await scene.snoboot(['deploy', 'lab.yaml']);
      t.diagnostic(`${scene.journal().length} records in all lives, ${records.length} kills`);
      assert.equal(code, 0, `${stdout}\n${stderr}`);
      assertOnce(scene.history(), ONCE);
      await down();
    });
});
