/** The host's ISO in the virtual media slot: read back, and read from. No power action happens before that. */
import { asSnobootError, SnobootError } from '../core/errors.ts';
import { type HostContext, fact } from './context.ts';
import type { Deed } from './deeds.ts';
import { type Look, MINUTE, SECOND, type Stage } from './stage.ts';

/** A slot that reads back but has read nothing for so long goes on with a warning: iLO reads only at boot. */
const PROOF_MS = 30 * SECOND;
/** From acceptance to reading back: some BMCs take half a minute (VM-02), and none comes after three (VM-03). */
const READ_BACK_MS = 3 * MINUTE;

export const insertMedia: Stage<HostContext> = {
  name: 'insert-media',
  waitsFor: 'the BMC to attach the discovery ISO',
  deadlineMs: 15 * MINUTE,
  pollMs: 2 * SECOND,
  tries: 2,
  settleMs: READ_BACK_MS,
  group: 'bmc',
  look: async (host) => {
    const url = await host.run.media.publish(host, isoOf(host));
    const media = await slotOf(host);
    if (!media) return { so: false, seen: 'the BMC does not answer' };
    if (media.inserted && isThis(host, media.image, url)) return proofOfRead(host);
    const accepted = host.deeds.tries('insert-media').get('insert');
    if (accepted?.outcome === 'done') return notReadBack(host, accepted);
    if (media.inserted) return { so: false, seen: 'other media in the slot', due: 'eject' };
    return { so: false, seen: 'slot empty', due: 'insert' };
  },
  effects: { insert: 'insert the discovery ISO' },
  ifNeeded: { eject: 'eject what is in the slot' },
  isSo: 'the discovery ISO is in its slot',
  act: async (host, due) => {
    const bmc = await host.bmc();
    if (due === 'eject') return bmc.eject();
    const url = await host.run.media.publish(host, isoOf(host));
    const before = host.run.media.bytesRead(host.subject);
    try {
      await bmc.insert(url);
    } catch (error) {
      throw refusal(host, error, host.run.media.bytesRead(host.subject) > before);
    }
  },
  expired: (host, seen) => {
    const away = host.notes['bmcAway'];
    return typeof away === 'string' ? new SnobootError('E-BMC-UNREACH', away) : notInserted(host, seen);
  },
};

/** A BMC that answered before and is away now may be restarting, as one that has just lost its medium: it is waited for. */
async function slotOf(host: HostContext): Promise<{ inserted: boolean; image: string | null } | null> {
  try {
    const media = await (await host.bmc()).readMedia();
    host.notes['bmcAway'] = null;
    return media;
  } catch (error) {
    if (!(error instanceof SnobootError) || error.code !== 'E-BMC-UNREACH') throw error;
    host.notes['bmcAway'] = error.message;
    return null;
  }
}

/** Some BMCs show only the file name, or nothing: then it is ours if this run has put it there. */
function isThis({ deeds }: HostContext, image: string | null, url: string): boolean {
  if (image === url) return true;
  const isVague = image === null || image === url.slice(url.lastIndexOf('/') + 1);
  const deed = deeds.last('insert-media', 'insert');
  return isVague && deed !== undefined && deed.outcome !== 'failed';
}

function notInserted(host: HostContext, seen: string): SnobootError {
  return new SnobootError(
    'E-MEDIA-INSERT',
    `the BMC of ${host.subject} does not hold the ISO: ${seen}`,
    'look into the virtual media page of the BMC; reset the BMC if it shows an old image, then deploy again',
  );
}

function notReadBack(host: HostContext, { at }: Deed): Look {
  const seen = 'accepted, but the slot does not read back';
  if (host.run.clock.now() - at >= READ_BACK_MS) throw notInserted(host, seen);
  return { so: false, seen };
}

function isoOf({ cluster }: HostContext) {
  const size = cluster.facts['isoSize'];
  if (typeof size !== 'number') throw new TypeError(`${cluster.subject}: no size of the ISO`);
  return { path: fact(cluster, 'isoPath'), size, lastModified: fact(cluster, 'isoLastModified') };
}

/** A 2xx and `Inserted: true` prove nothing: the media server sees the reading (design §5). */
function proofOfRead(host: HostContext): Look {
  const bytesAtInsert = host.run.media.bytesRead(host.subject);
  if (bytesAtInsert > 0) return { so: true, facts: { bytesAtInsert } };
  const waited = host.run.clock.now() - (host.deeds.last('insert-media', 'insert')?.at ?? 0);
  if (waited < PROOF_MS) return { so: false, seen: 'inserted, but nothing was read of it yet' };
  host.run.say(host.subject, {
    type: 'warning',
    until: 'read',
    text: 'the BMC shows the ISO as inserted but has read nothing of it; going on, it may read only at boot',
  });
  return { so: true, facts: { bytesAtInsert: 0 } };
}

/** An insert that failed without one byte asked for is most often a BMC that cannot reach us. */
function refusal(host: HostContext, error: unknown, wasRead: boolean): SnobootError {
  const cause = asSnobootError(error);
  if (cause.code !== 'E-BMC-REFUSED') return cause;
  if (wasRead) return new SnobootError('E-MEDIA-INSERT', cause.message, cause.todo, cause);
  return new SnobootError(
    'E-MEDIA-FETCH',
    `the BMC refused the ISO and never asked for it: ${cause.message}`,
    `check that the BMC (${host.bmcHost}) can reach this machine, or set media.address to an address that it can reach`,
    cause,
  );
}
