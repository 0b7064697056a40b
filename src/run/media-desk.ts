/** Publishes each host's ISO under its own URL, at the address that its BMC can reach, and tells what is read. */
import { createHash } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { Event, Subject } from '../core/events.ts';
import { type Random, token } from '../core/random.ts';
import { Secret } from '../core/secret.ts';
import { routedAddress } from '../media/address.ts';
import { type Medium, openMediaKeeper } from '../media/keeper.ts';
import { mediaUrl } from '../media/server.ts';
import type { HostContext, MediaDesk } from '../stages/context.ts';

export interface MediaOptions {
  /** The run's folder. */
  dir: string;
  /** As the inventory says; null: the address that routes to the BMC, any free port. */
  address: string | null;
  port: number | null;
  clock: Clock;
  random: Random;
  say(subject: Subject, event: Event): void;
}

export interface RunMediaDesk extends MediaDesk {
  /** What a former life of the run published is served again: hosts may be paging from it. Rejects with E-MEDIA-PORT. */
  resume(): Promise<void>;
  /** The run ends; its media server stays only where a medium was not withdrawn. */
  close(): Promise<void>;
}

type Iso = Parameters<MediaDesk['publish']>[1];

/** 104 bits: nobody guesses a URL, and it stays within the 64 characters that some BMCs take. */
const TOKEN_BYTES = 13;

/** Throws E-STATE where the record of a former life cannot be read. */
export function createMediaDesk(options: MediaOptions): RunMediaDesk {
  const { dir, clock, random, say } = options;
  const teller = createTeller(options);
  const keeper = openMediaKeeper({
    dir,
    clock,
    random,
    onRead: teller.tell,
    onRecovered: (text) => say('run', { type: 'recovered', text }),
    onTrouble: (text) => say('run', { type: 'warning', text }),
  });
  const placeFor = async ({ bmcHost }: HostContext): Promise<{ address: string; port: number }> => {
    const address = options.address ?? (await routedAddress(bmcHost));
    return { address, port: await keeper.listen(address, options.port ?? 0) };
  };
  return {
    resume: keeper.resume,
    prepare: async (host) => {
      await placeFor(host);
    },
    publish: async (host, iso) => {
      const known = keeper.published(host.subject);
      if (known && isOf(known, iso)) {
        await keeper.resume();
        return urlOf(known);
      }
      const medium = { label: host.subject, file: fileOf(iso, random), ...(await placeFor(host)) };
      const url = urlOf(medium);
      await keeper.publish(medium);
      return url;
    },
    bytesRead: keeper.read,
    withdraw: async (subject) => {
      teller.tellRest(keeper.published(subject));
      await keeper.withdraw(subject);
    },
    close: keeper.close,
  };
}

function isOf({ file }: Medium, { path, size, lastModified }: Iso): boolean {
  return file.path === path && file.size === size && file.lastModified === lastModified;
}

function urlOf({ address, port, file }: Pick<Medium, 'address' | 'port' | 'file'>): string {
  return mediaUrl(address, port, file.token);
}

function fileOf(iso: Iso, random: Random): Medium['file'] {
  // Whoever knows the URL gets the pull secret in the ISO: as a Secret it is kept out of journal, errors and recap.
  const name = `${new Secret(token(random, TOKEN_BYTES)).reveal()}/boot.iso`;
  const version = createHash('sha256').update(`${name} ${iso.size} ${iso.lastModified}`).digest('hex').slice(0, 32);
  return { token: name, path: iso.path, size: iso.size, lastModified: iso.lastModified, etag: `"${version}"` };
}

const TELL_EVERY_MS = 5000;

/** Says what was read: every five seconds of the run's clock, when all of it was, and the rest when it is withdrawn. */
function createTeller({ clock, say }: MediaOptions) {
  const told = new Map<string, { at: number; total: number }>();
  const sayTotal = ({ label, read: total, file }: Medium): void => {
    told.set(file.token, { at: clock.now(), total });
    say(label, { type: 'media.read', total, size: file.size });
  };
  return {
    tell: (medium: Medium): void => {
      const { at, total } = told.get(medium.file.token) ?? { at: -Infinity, total: 0 };
      const isWhole = medium.read >= medium.file.size && total < medium.file.size;
      if (clock.now() - at >= TELL_EVERY_MS || isWhole) sayTotal(medium);
    },
    tellRest: (medium: Medium | undefined): void => {
      if (medium && medium.read > (told.get(medium.file.token)?.total ?? medium.read)) sayTotal(medium);
    },
  };
}
