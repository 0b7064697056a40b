/** What a BMC shows of its slot and its boot override, judged: whose medium it is, and whether the next boot is from a CD. */
import type { BootState } from '../redfish/bmc.ts';
import type { HostContext } from './context.ts';

const CD_TARGETS = /cd|dvd|remotedrive/i;
/** As run/media-desk.ts makes them: 13 random bytes in base64url. */
const OUR_PATH = /^\/[\w-]{18}\/boot\.iso$/;

/** By its URL. Where the BMC shows only a file name, which others use too, by this run having inserted it. */
export function isOurs({ deeds }: HostContext, image: string | null): boolean {
  if (image !== null && URL.canParse(image)) return OUR_PATH.test(new URL(image).pathname);
  return (image === null || image === 'boot.iso') && deeds.owes.has('media');
}

export function isCdArmed({ enabled, target }: BootState): boolean {
  return enabled !== 'Disabled' && target !== null && CD_TARGETS.test(target);
}

export function warnOfForeign({ notes, run, subject }: HostContext): void {
  if (notes['foreignTold'] === true) return;
  notes['foreignTold'] = true;
  run.say(subject, { type: 'warning', text: 'the slot holds a medium that snoboot did not insert: it was left there' });
}
