/** Publishes each host's ISO under its own URL, at the address that its BMC can reach, and counts what is read. */
import { createHash } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { Event, Subject } from '../core/events.ts';
import { type Random, token } from '../core/random.ts';
import { Secret } from '../core/secret.ts';
import { routedAddress } from '../media/address.ts';
import { type MediaRead, type MediaServer, mediaUrl, startMediaServer } from '../media/server.ts';
import type { HostContext, MediaDesk } from '../stages/context.ts';

export interface MediaOptions {
  /** As the inventory says; null: the address that routes to the BMC, any free port. */
  address: string | null;
  port: number | null;
  clock: Clock;
  random: Random;
  say(subject: Subject, event: Event): void;
}

/** 104 bits: nobody guesses a URL, and it stays within the 64 characters that some BMCs take. */
const TOKEN_BYTES = 13;

interface Published {
  token: string;
  url: string;
  size: number;
  bytes: number;
  toldAt: number;
  server: MediaServer;
}

export function createMediaDesk(options: MediaOptions): MediaDesk & { close(): Promise<void> } {
  const servers = new Map<string, Promise<MediaServer>>();
  const published = new Map<Subject, Promise<Published>>();
  const settled = new Map<Subject, Published>();
  const count = ({ token: name, bytes }: MediaRead): void => {
    for (const [subject, medium] of settled) if (medium.token === name) tell(options, subject, medium, bytes);
  };
  const serverAt = (address: string): Promise<MediaServer> => {
    const server = servers.get(address) ?? startMediaServer({ host: address, port: options.port ?? 0, onRead: count });
    servers.set(address, server);
    server.catch(() => servers.delete(address));
    return server;
  };
  const reachable = async (host: HostContext): Promise<{ address: string; server: MediaServer }> => {
    const address = options.address ?? (await routedAddress(host.bmcHost));
    return { address, server: await serverAt(address) };
  };
  const publish = async (host: HostContext, iso: Parameters<MediaDesk['publish']>[1]): Promise<Published> => {
    const { address, server } = await reachable(host);
    // Whoever knows the URL gets the pull secret in the ISO: as a Secret it is kept out of journal, errors and recap.
    const name = `${new Secret(token(options.random, TOKEN_BYTES)).reveal()}/boot.iso`;
    const etag = `"${createHash('sha256').update(`${name} ${iso.size} ${iso.lastModified}`).digest('hex').slice(0, 32)}"`;
    server.serve({ token: name, path: iso.path, size: iso.size, lastModified: iso.lastModified, etag });
    const medium = {
      token: name,
      url: mediaUrl(address, server.port, name),
      size: iso.size,
      bytes: 0,
      toldAt: -Infinity,
      server,
    };
    settled.set(host.subject, medium);
    return medium;
  };
  return {
    prepare: async (host) => {
      await reachable(host);
    },
    publish: async (host, iso) => {
      const medium = published.get(host.subject) ?? publish(host, iso);
      published.set(host.subject, medium);
      medium.catch(() => published.delete(host.subject));
      return (await medium).url;
    },
    bytesRead: (subject) => settled.get(subject)?.bytes ?? 0,
    withdraw: (subject) => {
      const medium = settled.get(subject);
      medium?.server.withdraw(medium.token);
    },
    close: async () => {
      await Promise.all([...servers.values()].map(async (server) => (await server).close()));
    },
  };
}

const TELL_EVERY_MS = 1000;

function tell({ clock, say }: MediaOptions, subject: Subject, medium: Published, bytes: number): void {
  const isWhole = medium.bytes < medium.size && medium.bytes + bytes >= medium.size;
  medium.bytes += bytes;
  const now = clock.now();
  if (now - medium.toldAt < TELL_EVERY_MS && !isWhole) return;
  medium.toldAt = now;
  say(subject, { type: 'media.read', total: medium.bytes, size: medium.size });
}
