/** An HTTP client whose writes are checked once more when their connection stands: a repeated one may have waited for minutes. */
import { type HttpClient, type HttpRequest, isReading } from '../core/http.ts';

/** What `mayWrite` throws is what a write ends with, unsent. */
export function checkedWrites(client: HttpClient, mayWrite: () => void): HttpClient {
  const guarded = (request: HttpRequest): HttpRequest =>
    isReading(request) ? request : { ...request, lastCheck: mayWrite };
  return {
    send: (request) => client.send(guarded(request)),
    open: (request) => client.open(guarded(request)),
    close: client.close,
  };
}
