/** What the cut wires of the service do to the bytes and documents that pass them. */
import { decodeDataUrl, encodeDataUrl } from './data-url.ts';
import type { IgnitionDocument } from './service/ignition-types.ts';

/** A copy with one byte of the compressed data flipped (behind the gzip header, long before its trailer). */
export function flipByte(area: Buffer): Buffer {
  const broken = Buffer.from(area);
  broken[200] = broken[200]! ^ 0xff;
  return broken;
}

const OTHER_INFRA_ENV = '00000000-dead-4bad-8bad-000000000000';

/** Each unit's text with its infra-env id replaced. */
export function otherInfraEnv(doc: IgnitionDocument): IgnitionDocument {
  const changed = structuredClone(doc);
  for (const unit of changed.systemd.units ?? [])
    unit.contents = unit.contents.replace(/(--infra-env-id[ =])\S+/, `$1${OTHER_INFRA_ENV}`);
  return changed;
}

/** The network files with the last octet of each MAC made another one. */
export function otherMacs(doc: IgnitionDocument): IgnitionDocument {
  const changed = structuredClone(doc);
  for (const file of changed.storage.files.filter(({ path }) => path.startsWith('/etc/assisted/network/'))) {
    const text = decodeDataUrl(file.contents.source).toString();
    const other = text.replace(
      /((?:[0-9a-f]{2}:){5})([0-9a-f]{2})/gi,
      (_, head: string, last: string) => `${head}${(parseInt(last, 16) ^ 0xff).toString(16).padStart(2, '0')}`,
    );
    file.contents = { ...file.contents, source: encodeDataUrl(other) };
  }
  return changed;
}
