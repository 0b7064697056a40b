/** Ignition documents as far as the lab writes and reads them: spec 3.1.0 (assisted-service.md §5). */

export interface IgnitionDocument {
  ignition: { version: string };
  passwd?: { users: IgnitionUser[] };
  systemd: { units?: IgnitionUnit[] };
  storage: { files: IgnitionFile[] };
}

export interface IgnitionUser {
  name: string;
  passwordHash?: string;
  groups?: string[];
  sshAuthorizedKeys?: string[];
}

export interface IgnitionUnit {
  name: string;
  enabled: boolean;
  contents: string;
}

export interface IgnitionFile {
  path: string;
  /** Decimal, as JSON has it: 493 is 0o755. */
  mode?: number;
  overwrite?: boolean;
  user?: { name: string };
  /** A `data:` URL, URL-encoded or base64. */
  contents: { source: string };
}
