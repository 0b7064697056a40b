/** The host's own reading of an ignition document: strict, an unknown key is an error (assisted-service.md §5). */
import { decodeDataUrl } from '../data-url.ts';
import { listAt, objectAt, optionalTextAt, textAt } from './shape.ts';

export interface Ignition {
  /** Enabled units: name to text. */
  units: Map<string, string>;
  /** Path to content. */
  files: Map<string, string>;
}

const VERSION = /^3\.[0-3]\.0$/;
const KEYS = {
  document: ['ignition', 'passwd', 'systemd', 'storage'],
  ignition: ['version', 'config', 'proxy', 'timeouts', 'security'],
  user: ['name', 'passwordHash', 'groups', 'sshAuthorizedKeys'],
  unit: ['name', 'enabled', 'mask', 'contents', 'dropins'],
  file: ['path', 'mode', 'overwrite', 'user', 'group', 'contents', 'append'],
};

/** Throws an Error that names the first thing that is wrong. */
export function readIgnition(text: string): Ignition {
  const document = objectAt('ignition document', JSON.parse(text), KEYS.document);
  const { version } = objectAt('ignition', document['ignition'], KEYS.ignition);
  if (!VERSION.test(optionalTextAt('version', version)))
    throw new Error(`unsupported ignition version ${String(version)}`);
  const { users } = objectAt('passwd', document['passwd'] ?? {}, ['users', 'groups']);
  for (const user of listAt('users', users)) textAt('user', objectAt('user', user, KEYS.user)['name']);
  const { units } = objectAt('systemd', document['systemd'] ?? {}, ['units']);
  const { files } = objectAt('storage', document['storage'] ?? {}, ['files', 'directories', 'links']);
  return {
    units: new Map(listAt('units', units).flatMap(enabledUnit)),
    files: new Map(listAt('files', files).map(fileWithContent)),
  };
}

function enabledUnit(value: unknown): [name: string, text: string][] {
  const { name, enabled, mask, contents } = objectAt('unit', value, KEYS.unit);
  if (enabled !== true || mask === true) return [];
  return [[textAt('unit name', name), optionalTextAt('unit contents', contents)]];
}

function fileWithContent(value: unknown): [path: string, content: string] {
  const { path, contents } = objectAt('file', value, KEYS.file);
  const { source } = objectAt('contents', contents ?? {}, ['source', 'verification', 'compression']);
  return [textAt('file path', path), decodeDataUrl(optionalTextAt('source', source) || 'data:,').toString()];
}

/** Path to content of the inline files of any ignition document, whatever else it holds. */
export function inlineFiles(text: string): Map<string, string> {
  const { storage } = objectAt('ignition document', JSON.parse(text));
  const files = listAt('files', objectAt('storage', storage ?? {})['files']).map((file) => objectAt('file', file));
  const sources = files.map(({ path, contents }) => {
    const { source } = objectAt('contents', contents ?? {});
    return [textAt('file path', path), optionalTextAt('source', source)] as const;
  });
  const inline = sources.filter(([, source]) => source.startsWith('data:'));
  return new Map(inline.map(([path, source]) => [path, decodeDataUrl(source).toString()]));
}
