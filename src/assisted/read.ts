/** From the JSON of an answer to a wire type: what must be there is checked, what may be missing is put in or left. */
import { isObject, objects, textOr } from './json.ts';
import type { Cluster, Host, InfraEnv, ManifestEntry, ServiceEvent, VersionInfo } from './types.ts';

/** A reader of lists: undefined where the value is no list or one of its elements is not what `one` takes. */
export function listOf<T>(one: (value: unknown) => T | undefined): (value: unknown) => T[] | undefined {
  return (value) => {
    if (!Array.isArray(value)) return undefined;
    const read = value.map(one);
    return read.includes(undefined) ? undefined : (read as T[]);
  };
}

export function cluster(value: unknown): Cluster | undefined {
  if (!isRecord(value)) return undefined;
  const hosts = objects(value['hosts']).flatMap((one) => host(one) ?? []);
  return { ...value, ...statusOf(value), name: textOr(value['name'], ''), hosts };
}

export function host(value: unknown): Host | undefined {
  return isRecord(value) ? { ...value, ...statusOf(value) } : undefined;
}

export function infraEnv(value: unknown): InfraEnv | undefined {
  return isRecord(value) ? value : undefined;
}

export function manifest(value: unknown): ManifestEntry | undefined {
  if (!isObject(value) || typeof value['file_name'] !== 'string') return undefined;
  return { folder: textOr(value['folder'], 'manifests'), file_name: value['file_name'] };
}

/** Those that say something. */
export function events(value: unknown): ServiceEvent[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return objects(value).flatMap(({ event_time: at, severity, message }) =>
    typeof message === 'string' ? { at: textOr(at, ''), severity: textOr(severity, ''), message } : [],
  );
}

export function versions(value: unknown): Record<string, VersionInfo> | undefined {
  return isObject(value) && Object.values(value).every(isObject) ? (value as Record<string, VersionInfo>) : undefined;
}

/** `{versions: {"assisted-installer-service": image}, release_tag}`; the image may be `Unknown`. */
export function version(value: unknown): string | undefined {
  if (!isObject(value) || !isObject(value['versions'])) return undefined;
  const image = textOr(value['versions']['assisted-installer-service'], 'unknown');
  const tag = /:([^:/]+)$/.exec(image)?.[1] ?? image;
  return textOr(value['release_tag'], '') || tag;
}

export function url(value: unknown): string | undefined {
  const found = isObject(value) ? value['url'] : undefined;
  return typeof found === 'string' && URL.canParse(found) ? found : undefined;
}

/** Of the answer that holds the password too, which is not for us. */
export function consoleUrl(value: unknown): string | undefined {
  return url(isObject(value) ? { url: value['console_url'] } : value);
}

function isRecord(value: unknown): value is { id: string } & Record<string, unknown> {
  return isObject(value) && typeof value['id'] === 'string' && value['id'] !== '';
}

function statusOf(value: Record<string, unknown>): { status: string; status_info: string } {
  return { status: textOr(value['status'], ''), status_info: textOr(value['status_info'], '') };
}
