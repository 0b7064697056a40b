/** The image service: the discovery ISO of an infra-env by HEAD and ranges, composed for its present state (assisted-service.md §4.4). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buildBaseIso, composeIso, packIgnition, type BaseIso } from '../iso.ts';
import { findRelease } from './catalogue.ts';
import { isUuid } from './fields.ts';
import { discoveryIgnition, subjectOf } from './ignition.ts';
import { parseRanges, type Range } from './ranges.ts';
import type { Service } from './service.ts';
import type { InfraEnv } from './state.ts';
import { httpDate } from './wire.ts';

export interface ImageService {
  /** Answers `/byid/…`; any method gets the image. */
  serve(req: IncomingMessage, res: ServerResponse, path: string): void;
}

const BOUNDARY = 'snoboot-lab-byteranges';

/** Base images are built once, composed ones kept per infra-env until it changes. */
export function createImageService(service: Service): ImageService {
  const bases = new Map<string, BaseIso>();
  const images = new Map<string, { key: string; image: Buffer }>();
  const imageOf = (infraEnv: InfraEnv, osVersion: string, minimal: boolean): Buffer => {
    const id = `${infraEnv.id} ${minimal}`;
    const key = `${osVersion} ${infraEnv.updatedAt} ${service.baseUrl}`;
    const kept = images.get(id);
    if (kept?.key === key) return kept.image;
    const name = `${osVersion} ${minimal}`;
    const base = bases.get(name) ?? buildBaseIso(osVersion, minimal);
    bases.set(name, base);
    const area = packIgnition(JSON.stringify(discoveryIgnition(service, infraEnv)));
    const embedded = service.lab.faults.at('service.embed-area', subjectOf(service, infraEnv), area);
    const image = composeIso(
      base,
      embedded,
      infraEnv.kernelArguments.map(({ value }) => value),
    );
    images.set(id, { key, image });
    return image;
  };
  return {
    serve: (req, res, path) => {
      const [, , id = '', version = '', arch = '', name = '', ...more] = path.split('/');
      const os = findRelease(version)?.os;
      if (!isUuid(id) || !os || arch !== 'x86_64' || more.length) return sendText(res, 404, '404 page not found\n');
      if (name !== 'full.iso' && name !== 'minimal.iso') return sendText(res, 404, `unrecognized file name ${name}`);
      const infraEnv = service.world.infraEnvs[id];
      if (!infraEnv) return void res.writeHead(404, { 'Content-Length': '0' }).end();
      try {
        sendContent(req, res, imageOf(infraEnv, os, name === 'minimal.iso'), infraEnv);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        res.writeHead(500, { 'Content-Length': '0' }).end();
      }
    },
  };
}

function sendText(res: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  const type = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };
  res.writeHead(status, { ...type, ...headers, 'Content-Length': String(text.length) }).end(text);
}

/** As Go's http.ServeContent: Last-Modified in whole seconds, no ETag, one range or several. */
function sendContent(req: IncomingMessage, res: ServerResponse, image: Buffer, infraEnv: InfraEnv): void {
  const modified = httpDate(infraEnv.updatedAt);
  const named = { 'Content-Disposition': `attachment; filename=${infraEnv.id}-discovery.iso` };
  const common = { ...named, 'Last-Modified': modified };
  if (isUnchanged(req, modified)) return void res.writeHead(304, common).end();
  const ifRange = req.headers['if-range'];
  const wanted = ifRange === undefined || ifRange === modified ? req.headers.range : undefined;
  const ranges = parseRanges(wanted, image.length);
  if (ranges === 'invalid') return sendText(res, 416, 'invalid range\n', named);
  if (ranges === 'outside')
    return sendText(res, 416, 'invalid range: failed to overlap\n', {
      ...named,
      'Content-Range': `bytes */${image.length}`,
    });
  const headers = { ...common, 'Accept-Ranges': 'bytes', 'Content-Type': 'application/x-cd-image' };
  const send = (status: number, body: Buffer, more: Record<string, string>): void => {
    res.writeHead(status, { ...headers, ...more, 'Content-Length': String(body.length) });
    res.end(req.method === 'HEAD' ? undefined : body);
  };
  if (ranges.length === 0) return send(200, image, {});
  if (ranges.length === 1)
    return send(206, part(image, ranges[0]!), { 'Content-Range': contentRange(ranges[0]!, image) });
  send(206, multipart(image, ranges), { 'Content-Type': `multipart/byteranges; boundary=${BOUNDARY}` });
}

function isUnchanged(req: IncomingMessage, modified: string): boolean {
  if (req.headers['if-none-match'] !== undefined) return req.headers['if-none-match'] === '*';
  const since = req.headers['if-modified-since'];
  return since !== undefined && Date.parse(modified) <= Date.parse(since);
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
