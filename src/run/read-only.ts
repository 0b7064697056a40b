/** An HTTP client for those who only look: what would write is never sent. */
import { type HttpClient, type HttpRequest, isReading } from '../core/http.ts';

export function readOnly(client: HttpClient): HttpClient {
  const guarded =
    <T>(ask: (request: HttpRequest) => Promise<T>) =>
    (request: HttpRequest): Promise<T> =>
      isReading(request) ? ask(request) : Promise.reject(new TypeError(`a look does not send ${request.method}`));
  return { send: guarded(client.send), open: guarded(client.open), close: client.close };
}
