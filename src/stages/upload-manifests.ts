/** The user's manifests at the service, each with the content that it has on disk. */
import { SnobootError } from '../core/errors.ts';
import type { Manifest } from '../inventory/types.ts';
import { type ClusterContext, fact } from './context.ts';
import { type Effects, MINUTE, SECOND, type Stage } from './stage.ts';

export const uploadManifests: Stage<ClusterContext> = {
  name: 'upload-manifests',
  waitsFor: 'the service to take the manifests',
  deadlineMs: 5 * MINUTE,
  pollMs: SECOND,
  tries: 4,
  settleMs: MINUTE,
  group: 'service',
  look: async (cluster) => {
    const missing = await missingManifests(cluster);
    const [next] = missing;
    if (!next) return { so: true, facts: { manifests: cluster.spec.manifests.map(nameOf) } };
    return {
      so: false,
      seen: `${missing.length} of ${cluster.spec.manifests.length} to upload`,
      due: `upload ${nameOf(next)}`,
    };
  },
  effects: ({ spec: { manifests } }): Effects => {
    const count = manifests.length === 1 ? 'its manifest' : `its ${manifests.length} manifests`;
    return manifests.length === 0 ? {} : { upload: `upload ${count}` };
  },
  isSo: 'the service has all of its manifests',
  act: async (cluster, due) => {
    const manifest = cluster.spec.manifests.find((one) => due === `upload ${nameOf(one)}`);
    if (!manifest) return;
    const { folder, fileName, content } = manifest;
    await cluster.run.assisted.uploadManifest(fact(cluster, 'clusterId'), { folder, fileName, content });
  },
  expired: (_cluster, seen) =>
    new SnobootError('E-SVC-REFUSED', `manifests are not at the service: ${seen}`, 'look into the log of the service'),
};

async function missingManifests(cluster: ClusterContext): Promise<Manifest[]> {
  if (cluster.spec.manifests.length === 0) return [];
  const { assisted } = cluster.run;
  const id = fact(cluster, 'clusterId');
  const there = await assisted.listManifests(id);
  const same = await Promise.all(
    cluster.spec.manifests.map(
      async ({ folder, fileName, content }) =>
        there.some((one) => one.folder === folder && one.file_name === fileName) &&
        (await assisted.getManifest(id, folder, fileName)) === content,
    ),
  );
  return cluster.spec.manifests.filter((_, index) => !same[index]);
}

function nameOf({ folder, fileName }: Manifest): string {
  return `${folder}/${fileName}`;
}
