/** SHA-256 fingerprints of certificates: hex, with or without colons. */

/** In lower case without colons. */
export function normalFingerprint(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase();
}
