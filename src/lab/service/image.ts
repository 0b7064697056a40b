/** The image service: the discovery ISO of an infra-env by HEAD and ranges, composed for its present state (assisted-service.md §4.4). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type BaseIso, buildBaseIso, composeIso, packIgnition } from '../iso.ts';
import { findRelease } from './catalogue.ts';
import { isUuid } from './fields.ts';
import { discoveryIgnition, subjectOf } from './ignition.ts';
import { parseRanges, type Range } from './ranges.ts';
import type { Service } from './service.ts';
import type { InfraEnv } from './state.ts';

const BOUNDARY = 'snoboot-lab-byteranges';

/** Answers `/byid/…`; any method gets the image. Base images are built once, composed ones kept until the infra-env changes. */
export function createImageService(service: Service) {
  const bases = new Map<string, BaseIso>();
  const images = new Map<string, { key: string; image: Buffer }>();
  const imageOf = (infraEnv: InfraEnv, os: string, minimal: boolean): Buffer => {
    const key = `${os} ${infraEnv.updated_at} ${service.baseUrl}`;
    const kept = images.get(`${infraEnv.id} ${minimal}`);
    if (kept?.key === key) return kept.image;
    const base = bases.get(`${os} ${minimal}`) ?? buildBaseIso(os, minimal);
    bases.set(`${os} ${minimal}`, base);
    const area = packIgnition(JSON.stringify(discoveryIgnition(service, infraEnv)));
    const embedded = service.lab.faults.at('service.embed-area', subjectOf(service, infraEnv), area);
    const kargs = infraEnv.kernel_arguments.map(({ value }) => value);
    const image = composeIso(base, embedded, kargs);
    for (const kept of images.keys()) if (!service.world.infraEnvs[kept.split(' ')[0]!]) images.delete(kept);
    images.set(`${infraEnv.id} ${minimal}`, { key, image });
    return image;
  };
  return (req: IncomingMessage, res: ServerResponse, path: string): void => {
    const [, , id = '', version = '', arch = '', name = '', ...more] = path.split('/');
    const os = findRelease(service.lab, version)?.os;
    if (!isUuid(id) || !os || arch !== 'x86_64' || more.length) return sendText(res, 404, '404 page not found\n');
    if (name !== 'full.iso' && name !== 'minimal.iso') return sendText(res, 404, `unrecognized file name ${name}`);
    const infraEnv = service.world.infraEnvs[id];
    if (!infraEnv) return sendText(res, 404, '');
    try {
      sendContent(req, res, imageOf(infraEnv, os, name === 'minimal.iso'), infraEnv);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      sendText(res, 500, '');
    }
  };
}

/** As Go's http.Error. */
export function sendText(
  res: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  const type = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };
  res.writeHead(status, { ...type, ...headers, 'Content-Length': String(text.length) }).end(text);
}

/** As Go's http.ServeContent: Last-Modified in whole seconds, no ETag, one range or several. */
function sendContent(req: IncomingMessage, res: ServerResponse, image: Buffer, infraEnv: InfraEnv): void {
  const modified = new Date(infraEnv.updated_at).toUTCString();
  const named = { 'Content-Disposition': `attachment; filename=${infraEnv.id}-discovery.iso` };
  const common = { ...named, 'Last-Modified': modified };
  const since = req.headers['if-modified-since'];
  if (since !== undefined && Date.parse(modified) <= Date.parse(since)) return void res.writeHead(304, common).end();
  const ifRange = req.headers['if-range'] ?? modified;
  const ranges = parseRanges(ifRange === modified ? req.headers.range : undefined, image.length);
  if (ranges === 'invalid') return sendText(res, 416, 'invalid range\n', named);
  const [first, ...others] = ranges === 'outside' ? [] : ranges;
  if (ranges === 'outside')
    return sendText(res, 416, 'invalid range: failed to overlap\n', {
      ...named,
      'Content-Range': `bytes */${image.length}`,
    });
  const send = (status: number, body: Buffer, more: Record<string, string>): void => {
    const headers = { ...common, 'Accept-Ranges': 'bytes', 'Content-Type': 'application/x-cd-image', ...more };
    res.writeHead(status, { ...headers, 'Content-Length': String(body.length) });
    res.end(req.method === 'HEAD' ? undefined : body);
  };
  if (!first) return send(200, image, {});
  if (others.length === 0) return send(206, part(image, first), { 'Content-Range': contentRange(first, image) });
  send(206, multipart(image, ranges), { 'Content-Type': `multipart/byteranges; boundary=${BOUNDARY}` });
}

const part = (image: Buffer, { start, end }: Range): Buffer => image.subarray(start, end + 1);
const contentRange = ({ start, end }: Range, image: Buffer): string => `bytes ${start}-${end}/${image.length}`;

function multipart(image: Buffer, ranges: Range[]): Buffer {
  const parts = ranges.flatMap((range) => {
    const head = `\r\n--${BOUNDARY}\r\nContent-Range: ${contentRange(range, image)}\r\nContent-Type: application/x-cd-image\r\n\r\n`;
    return [Buffer.from(head), part(image, range)];
  });
  return Buffer.concat([...parts, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]);
}
