/** What a page of docs/errors/ says beside the catalogue's line. Placeholders in commands: FILE, CLUSTER, HOST, BMC, SERVICE, USER. */
export interface ErrorPage {
  /** One sentence. */
  means: string;
  causes: readonly string[];
  /** A command that can be typed, and what it tells. */
  checks: readonly (readonly [command: string, tells: string])[];
  /** Beside the catalogue's line, which the page begins this part with. */
  remedy: readonly string[];
}
