/** The lab's CoreOS live ISO: a small true base image per OS version, and its composition with an ignition and kernel arguments. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { buildVolume } from './iso-volume.ts';

/** Length of `/images/ignition.img`, the embed area (assisted-service.md §4.2). */
const EMBED_AREA_LENGTH = 262_144;
/** Length of each kernel-argument area of a current x86_64 image (§4.1). */
const KARGS_AREA_LENGTH = 1139;
const ROOTFS_LENGTH = 4 * 1024 * 1024;
const KARGS_FILES = ['EFI/redhat/grub.cfg', 'isolinux/isolinux.cfg'];

export interface BaseIso {
  image: Buffer;
  embedOffset: number;
  /** First byte of each kernel-argument area. */
  kargsOffsets: number[];
  defaultKargs: string;
}

/** The base image of an OS version; `minimal` leaves the root file system out. The same arguments give the same bytes. */
export function buildBaseIso(osVersion: string, minimal: boolean): BaseIso {
  const volumeId = `rhcos-${osVersion}`.slice(0, 32);
  const live = minimal ? '' : `coreos.liveiso=${volumeId} `;
  const defaultKargs = `${live}ignition.firstboot ignition.platform.id=metal`;
  const menus = KARGS_FILES.map((path) => ({ path, ...bootMenu(path, defaultKargs) }));
  const areas = menus.map(({ path, offset }) => ({ path, offset, pad: '#', end: '\n' }));
  const kargs = { default: defaultKargs, files: areas, size: KARGS_AREA_LENGTH };
  const { image, offsets } = buildVolume(
    volumeId,
    {
      ...Object.fromEntries(menus.map(({ path, text }) => [path, Buffer.from(text)])),
      'coreos/igninfo.json': Buffer.from('{"file":"images/ignition.img"}'),
      'coreos/kargs.json': Buffer.from(JSON.stringify(kargs)),
      'images/efiboot.img': noise('efiboot', 64 * 1024),
      'images/ignition.img': Buffer.alloc(EMBED_AREA_LENGTH),
      'images/pxeboot/initrd.img': noise('initrd', 128 * 1024),
      'images/pxeboot/vmlinuz': noise('vmlinuz', 64 * 1024),
      ...(minimal ? {} : { 'images/pxeboot/rootfs.img': rootfs(osVersion) }),
      'isolinux/isolinux.bin': noise('isolinux', 8 * 1024),
    },
    { bios: 'isolinux/isolinux.bin', efi: 'images/efiboot.img' },
  );
  const kargsOffsets = menus.map(({ path, offset }) => offsets.get(path)! + offset);
  return { image, embedOffset: offsets.get('images/ignition.img')!, kargsOffsets, defaultKargs };
}

/** Base image with the embed area and the appended kernel arguments laid over it (§4.3, §4.4). Throws RangeError if they do not fit. */
export function composeIso(base: BaseIso, embedArea: Buffer, kargs: string[]): Buffer {
  const image = Buffer.from(base.image);
  embedArea.copy(image, base.embedOffset);
  if (kargs.length === 0) return image;
  const text = `${[base.defaultKargs, ...kargs].join(' ')}\n`;
  if (text.length > KARGS_AREA_LENGTH)
    throw new RangeError(`content length (${text.length}) exceeds embed area size (${KARGS_AREA_LENGTH})`);
  for (const offset of base.kargsOffsets) image.write(text.padEnd(KARGS_AREA_LENGTH, '#'), offset, 'latin1');
  return image;
}

/** The embed area: gzip (mtime 0) of a cpio that holds `config.ign`, then zeros (§4.2). Throws RangeError if it does not fit. */
export function packIgnition(ignition: string): Buffer {
  const packed = gzipSync(
    Buffer.concat([cpioEntry('config.ign', Buffer.from(ignition), 1), cpioEntry('TRAILER!!!', Buffer.alloc(0), 0)]),
  );
  packed.set([0, 0xff], 8);
  if (packed.length > EMBED_AREA_LENGTH)
    throw new RangeError(`content length (${packed.length}) exceeds embed area size (${EMBED_AREA_LENGTH})`);
  const area = Buffer.alloc(EMBED_AREA_LENGTH);
  packed.copy(area);
  return area;
}

function cpioEntry(name: string, content: Buffer, inode: number): Buffer {
  const mode = inode ? 0o100644 : 0;
  const numbers = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length + 1, 0];
  const header = `070701${numbers.map((n) => n.toString(16).padStart(8, '0')).join('')}${name}\0`;
  return Buffer.concat([padded(Buffer.from(header, 'latin1')), padded(content)]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}

/** A boot menu and where its kernel-argument area begins; the area's last `#` is followed by the marker (§4.3). */
function bootMenu(path: string, kargs: string): { text: string; offset: number } {
  const before = path.endsWith('grub.cfg')
    ? "set timeout=5\nmenuentry 'RHEL CoreOS (Live)' --class fedora --class gnu-linux {\n\tlinux /images/pxeboot/vmlinuz "
    : 'timeout 50\ndefault vesamenu.c32\nlabel linux\n  menu default\n  kernel /images/pxeboot/vmlinuz\n  append ';
  const after = path.endsWith('grub.cfg')
    ? '\tinitrd /images/pxeboot/initrd.img /images/ignition.img\n}\n'
    : '  initrd /images/pxeboot/initrd.img,/images/ignition.img\n';
  const area = `${kargs}\n`.padEnd(KARGS_AREA_LENGTH, '#');
  return { text: `${before}${area}# COREOS_KARG_EMBED_AREA\n${after}`, offset: before.length };
}

/** An uncompressed cpio whose first entry is the root squashfs, at byte 124 (§4.1). */
function rootfs(osVersion: string): Buffer {
  const squashfs = noise(`root ${osVersion}`, ROOTFS_LENGTH);
  squashfs.write('hsqs', 'latin1');
  return Buffer.concat([cpioEntry('root.squashfs', squashfs, 1), cpioEntry('TRAILER!!!', Buffer.alloc(0), 0)]);
}

function noise(name: string, length: number): Buffer {
  return createHash('shake256', { outputLength: length }).update(name).digest();
}
