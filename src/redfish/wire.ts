/** Reading Redfish documents, which are never quite what the schema says (redfish.md 4, "test-data traps"). */

export type Doc = Readonly<Record<string, unknown>>;

/** One answer of a BMC. `doc` is null where the body is no JSON object. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  doc: Doc | null;
  text: string;
  /** The path that answered, after redirects. */
  path: string;
}

export function asDoc(value: unknown): Doc {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Doc) : {};
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A string that says something: not empty, not blank, not the word `None` (AMI and sushy-tools write it for null). */
export function realText(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return text === '' || text === 'None' ? null : text;
}

export function strings(value: unknown): string[] {
  return asList(value).filter((item) => typeof item === 'string');
}

/** The path behind `{"@odata.id": path}` or a bare string (Inspur's members, AMI's ActionInfo). */
export function linkOf(value: unknown): string | null {
  return realText(value) ?? realText(asDoc(value)['@odata.id']);
}

/** The readable ones of a list of links; members may be missing, null or bare strings. */
export function linksOf(value: unknown): string[] {
  return asList(value).flatMap((item) => linkOf(item) ?? []);
}

/** An action of a resource with its target, exactly as given: a trailing slash matters on some iLO 5. */
export function actionOf(doc: Doc, name: string): { target: string; action: Doc } | null {
  const action = asDoc(asDoc(doc['Actions'])[name]);
  const target = realText(action['target']);
  return target === null ? null : { target, action };
}

/** Paths are compared without their last slash. */
export function samePath(a: string, b: string): boolean {
  return a.replace(/\/$/, '') === b.replace(/\/$/, '');
}

export function lastPart(path: string): string {
  return path.replace(/\/$/, '').split('/').at(-1) ?? '';
}
