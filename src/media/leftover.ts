/** The media server of a run that ended without a word: who relies on it, and its end. */
import { createHttpClient } from '../core/http.ts';
import { openLink } from './link.ts';
import { loadRecord } from './record.ts';

/** Labels of what is still published by the run in `dir`. Throws E-STATE. */
export function publishedBefore(dir: string): string[] {
  return loadRecord(dir)
    .media.filter(({ isWithdrawn }) => !isWithdrawn)
    .map(({ label }) => label);
}

/** Ends the media server of the run in `dir`, whoever reads from it; false where none lives. Throws E-STATE. */
export async function endMedia(dir: string): Promise<boolean> {
  const { server } = loadRecord(dir);
  if (!server) return false;
  const http = createHttpClient();
  try {
    const link = await openLink(http, server, () => undefined);
    await link?.end();
    return link !== null;
  } finally {
    await http.close();
  }
}
