/** The ignition that a live ISO carries, as its host will find it: read from the embed area alone, not from the gigabyte around it. */
import { asSnobootError, SnobootError } from '../core/errors.ts';
import { unpackArchives } from './cpio.ts';
import { type Extent, type IsoTree, withIso } from './iso-tree.ts';

export interface IsoIgnition {
  /** Texts of the units by name. */
  units: Map<string, string>;
  /** Contents of inline files by path, those of the minimal ISO's ramdisk too. */
  files: Map<string, string>;
  sshKeys: string[];
}

const INFO = 'coreos/igninfo.json';
const AREA = 'images/ignition.img';
/** Holds the static network of a minimal ISO (§4.5). */
const RAMDISK = 'images/assisted_installer_custom.img';
const LARGEST_AREA = 4 * 1024 * 1024;

/** Rejects with E-ISO-FORMAT for an ISO without an area for the ignition, or one that cannot be read. */
export async function readIsoIgnition(path: string): Promise<IsoIgnition> {
  try {
    return await withIso(path, async (tree) => {
      const config = unpackArchives(await areaOf(tree)).get('config.ign');
      if (!config) throw new Error('there is no config.ign in it');
      const { files, ...rest } = parse(JSON.parse(config.toString('utf8')));
      return { ...rest, files: new Map([...(await ramdiskFiles(tree)), ...files]) };
    });
  } catch (error) {
    if (asSnobootError(error).code === 'E-ISO-FORMAT') throw error;
    throw wrong(`the ignition in the ISO cannot be read: ${(error as Error).message}`);
  }
}

/** The file that igninfo.json names, or the part of it. */
async function areaOf(tree: IsoTree): Promise<Buffer> {
  const info = await tree.find(INFO);
  const {
    file = AREA,
    offset = 0,
    length,
  }: { file?: string; offset?: number; length?: number } = info
    ? (JSON.parse((await tree.read(info)).toString('utf8')) as object)
    : {};
  const whole = await tree.find(file);
  if (!whole) throw wrong(`the ISO has no ${file}, so it holds no ignition`);
  const area: Extent = { offset: whole.offset + offset, length: length ?? whole.length - offset };
  if (area.length <= 0 || area.length > LARGEST_AREA) throw wrong(`the area for the ignition has ${area.length} bytes`);
  return tree.read(area);
}

async function ramdiskFiles(tree: IsoTree): Promise<[path: string, text: string][]> {
  const extent = await tree.find(RAMDISK);
  if (!extent || extent.length > LARGEST_AREA) return [];
  const files = unpackArchives(await tree.read(extent));
  return [...files].map(([path, content]) => [`/${path}`, content.toString('utf8')]);
}

interface Document {
  passwd?: { users?: { sshAuthorizedKeys?: string[] }[] };
  systemd?: { units?: { name: string; contents?: string }[] };
  storage?: { files?: { path: string; contents?: { source?: string } }[] };
}

function parse(json: unknown): IsoIgnition {
  const { passwd, systemd, storage } = json as Document;
  return {
    units: new Map((systemd?.units ?? []).map(({ name, contents }) => [name, contents ?? ''])),
    files: new Map((storage?.files ?? []).map(({ path, contents }) => [path, inline(contents?.source ?? '')])),
    sshKeys: (passwd?.users ?? []).flatMap(({ sshAuthorizedKeys }) => sshAuthorizedKeys ?? []),
  };
}

/** The text of a `data:` URL; '' for any other. */
function inline(source: string): string {
  const [, isBase64, data = ''] = /^data:[^,]*?(;base64)?,(.*)$/s.exec(source) ?? [];
  return isBase64 ? Buffer.from(data, 'base64').toString('utf8') : decodeURIComponent(data);
}

function wrong(message: string): SnobootError {
  return new SnobootError('E-ISO-FORMAT', message, 'open the image URL of the infra-env and see what it gives');
}
