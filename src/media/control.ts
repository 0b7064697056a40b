/** The media server's ear for its run: on 127.0.0.1, for who shows the token. A run that listens to the totals owns it. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asSnobootError } from '../core/errors.ts';
import type { Keys, MediaTable, TableAnswer, Total } from './messages.ts';
import type { Shelf } from './shelf.ts';

export interface ControlOptions {
  keys: Keys;
  shelf: Shelf;
  /** Something was put, or a run came or went. */
  onChange(): void;
  /** Serves nothing any more when it resolves; the process ends after `over`. */
  end(): Promise<void>;
  over(): void;
}

export interface Control {
  port: number;
  tell(total: Total): void;
  isOwned(): boolean;
}

export async function startControl(options: ControlOptions): Promise<Control> {
  const owners = new Set<ServerResponse>();
  const wanted = digestOf(`Bearer ${options.keys.token}`);
  const server = createServer((request, response) => {
    const isOurs = timingSafeEqual(digestOf(request.headers.authorization ?? ''), wanted);
    if (!isOurs) return void response.writeHead(401, { connection: 'close' }).end();
    answer(options, owners, request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.on('error', () => undefined);
  return {
    port: (server.address() as AddressInfo).port,
    // A run that does not listen right now hears the newest totals when it does.
    tell: (total) => owners.forEach((owner) => owner.writableNeedDrain || say(owner, total)),
    isOwned: () => owners.size > 0,
  };
}

async function answer(
  { keys, shelf, onChange, end, over }: ControlOptions,
  owners: Set<ServerResponse>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  switch (`${request.method} ${request.url}`) {
    case 'GET /totals': {
      const sayAll = (): void => shelf.totals().forEach((total) => say(response, total));
      owners.add(response);
      response.on('drain', sayAll).on('close', () => (owners.delete(response), onChange()));
      say(response.writeHead(200, { 'content-type': 'application/x-ndjson' }), { proof: keys.proof });
      sayAll();
      return onChange();
    }
    case 'PUT /table': {
      const result = await put(shelf, JSON.parse(await textOf(request)) as MediaTable);
      onChange();
      return void response.end(JSON.stringify(result));
    }
    case 'DELETE /':
      await end();
      return void response.writeHead(204).end(over);
    default:
      return void response.writeHead(404).end();
  }
}

async function put(shelf: Shelf, table: MediaTable): Promise<TableAnswer> {
  try {
    return { places: await shelf.put(table) };
  } catch (error) {
    return { error: asSnobootError(error).record() };
  }
}

function say(owner: ServerResponse, line: Total | Pick<Keys, 'proof'>): void {
  owner.write(`${JSON.stringify(line)}\n`);
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk as string;
  return text;
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
