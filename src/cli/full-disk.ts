/** The lab's fault journal-full: a disk that has room until a stage begins, and none after. */
import type { Disk } from '../run/disk.ts';
import { realDisk } from '../run/disk.ts';

/** `when`: `stage=<name>`, a stage of snoboot; the record of its beginning is the first one for which there is no room. */
export function journalFull(when: string): Disk {
  const stage = /(?:^|,)stage=([^,]+)/.exec(when)?.[1] ?? 'boot-once';
  let isFull = false;
  return {
    ...realDisk,
    append: (file, text) => {
      isFull ||= text.includes(`"type":"stage.started","stage":"${stage}"`);
      if (isFull) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      realDisk.append(file, text);
    },
  };
}
