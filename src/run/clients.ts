/** The client of the service as an inventory and its secrets have it, with sign-in where that is wanted. */
import { type Assisted, createAssisted } from '../assisted/client.ts';
import { createSignIn } from '../assisted/sign-in.ts';
import type { Clock } from '../core/clock.ts';
import type { HttpClient, Trust } from '../core/http.ts';
import type { Secret } from '../core/secret.ts';
import type { AssistedService, Inventory } from '../inventory/types.ts';

interface Asked {
  inventory: Inventory & { service: AssistedService };
  clock: Clock;
  trust: Trust;
}

/** Signing in is a POST, also for those who only look: it goes by `http`, all else by `forService`. */
export function assistedOf(
  { inventory, clock, trust }: Asked,
  { http, forService }: { http: HttpClient; forService: HttpClient },
  offlineToken: Secret | null,
  onRecovered: (text: string) => void = () => undefined,
): Assisted {
  const { url } = inventory.service;
  const token = offlineToken ? createSignIn({ offlineToken, http, clock, trust }) : undefined;
  return createAssisted({ url, http: forService, clock, trust, onRecovered, ...(token ? { token } : {}) });
}
