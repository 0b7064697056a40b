/** The BMC's own log over Redfish: a log service, its entries and, where the family shows links alone, each entry. */
import type { BmcLogEntry } from '../world.ts';
import { type Bmc, type Document, managerPath, systemPath } from './bmc.ts';
import { type LogProfile, LOGS } from './log-profiles.ts';
import { collection, link, resource } from './resource.ts';

const PAGE = 10;

/** What the owner of the log services says of them. `path` is the system's or the manager's. */
export function logLink(bmc: Bmc, path: string): Document {
  return path === ownerOf(bmc) ? { LogServices: link(`${path}/LogServices`) } : {};
}

export function logDocuments(bmc: Bmc, skip: number): Document[] {
  const { host } = bmc;
  const profile = LOGS[host.profile];
  const services = `${ownerOf(bmc)}/LogServices`;
  const service = `${services}/${profile.id}`;
  const entries = (host.bmc.log ?? []).map((entry) =>
    entryDocument(profile, `${service}/Entries/${entry.number}`, entry),
  );
  if (profile.newestFirst) entries.reverse();
  const paths = entries.map((entry) => String(entry['@odata.id']));
  const page = collection('LogEntry', `${service}/Entries`, paths, skip, PAGE);
  const shown = profile.inline ? { ...page, Members: entries.slice(skip, skip + PAGE) } : page;
  return [
    collection('LogService', services, [service], skip),
    resource('LogService.v1_1_0.LogService', service, profile.name, {
      ServiceEnabled: true,
      MaxNumberOfRecords: 512,
      OverWritePolicy: 'WrapsWhenFull',
      Entries: link(`${service}/Entries`),
    }),
    shown,
    ...entries,
  ];
}

function ownerOf({ profile, host }: Bmc): string {
  return LOGS[host.profile].under === 'Systems' ? systemPath(profile) : managerPath(profile);
}

function entryDocument(
  { words, entry }: LogProfile,
  path: string,
  { number, at, what, detail }: BmcLogEntry,
): Document {
  const { id, severity, text } = words[what];
  return resource('LogEntry.v1_4_0.LogEntry', path, `Log Entry ${number}`, {
    ...entry,
    ...(id === '' ? {} : { MessageId: id }),
    Created: new Date(at).toISOString().replace(/\.\d+Z$/, 'Z'),
    Severity: severity,
    Message: text.replace('%s', detail),
  });
}
