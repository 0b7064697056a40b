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

/** Clients that have one sign-in in common. It is a POST, also for those who only look, and goes by `http`; all else by their own. */
export function assistedOf(
  { inventory, clock, trust }: Asked,
  http: HttpClient,
  offlineToken: Secret | null,
  onRecovered: (text: string) => void = () => undefined,
): (own: HttpClient) => Assisted {
  const { url } = inventory.service;
  const token = offlineToken ? createSignIn({ offlineToken, http, clock, trust }) : undefined;
  return (own) => createAssisted({ url, http: own, clock, trust, onRecovered, ...(token ? { token } : {}) });
}
