/** Checks of BMC addresses: each machine once, however it is spelled, and no address that cannot be a BMC's. */
import { isLinkLocal, isLoopback, isPublic, neverAMachine } from './address-kinds.ts';
import { type Address, parseAddress } from './addresses.ts';
import { type BmcAddress, isProblem, parseBmcAddress } from './bmc-address.ts';
import type { Claims } from './claims.ts';
import { type Loose, text } from './loose.ts';
import { type Reporter, reportTwice } from './reporter.ts';
import { Tally } from './tally.ts';
import type { Trail } from './trail.ts';

type Redfish = Extract<BmcAddress, { kind: 'redfish' }>;
/** The first address given for each system of a BMC; `''` where none was named. */
type Systems = Map<string, { path: Trail; family: Redfish['family'] }>;

interface Place {
  host: string;
  /** Null: the host is a name. */
  address: Address | null;
  port: string;
}

export class BmcCheck {
  readonly #reporter: Reporter;
  readonly #claims: Claims;
  readonly #isLab: boolean;
  readonly #systems = new Map<string, Systems>();
  readonly #tally = new Tally();
  #isFarAway = false;

  constructor(reporter: Reporter, claims: Claims, isLab: boolean) {
    this.#reporter = reporter;
    this.#claims = claims;
    this.#isLab = isLab;
  }

  /** `path` is that of the host's `bmc`. */
  note(bmc: Loose, path: Trail): void {
    const at = path.to('address');
    const address = parseBmcAddress(text(bmc['address']) ?? '');
    if (bmc['fingerprint'] !== undefined && bmc['insecureTLS'] === true) {
      const todo = 'keep fingerprint alone: it is the safer one';
      this.#reporter.at(path.to('insecureTLS'), { message: 'together with fingerprint', todo });
    }
    if (isProblem(address)) return;
    if (address.kind === 'lab') {
      if (this.#isLab) return;
      const message = 'a BMC of the lab, without the lab as service';
      this.#reporter.at(at, { message, todo: 'write service: {type: lab}, or the address of a real BMC' });
      return;
    }
    for (const key of ['username', 'password']) {
      if (bmc[key] === undefined) this.#reporter.at(path, { message: `${key} is missing`, todo: `add ${key}:` });
    }
    const place = partsOf(address.origin);
    this.#noteHost(place, at);
    this.#noteSystem(address, place, at);
  }

  /** Whether some BMC is not on this very machine. */
  get isFarAway(): boolean {
    return this.#isFarAway;
  }

  /** Says the warnings that concern many. */
  end(): void {
    this.#tally.report(this.#reporter);
  }

  #noteHost({ host: name, address }: Place, path: Trail): void {
    this.#claims.note('bmc', name, path);
    if (name === 'localhost' || (address && isLoopback(address))) {
      const message = `${name} is this machine itself`;
      const todo = "right for an emulator here, else write the BMC's own address";
      this.#tally.note('loopback', path, { message, todo });
      return;
    }
    this.#isFarAway = true;
    if (!address) return;
    const seen = neverAMachine(address);
    if (seen !== null) this.#reporter.at(path, { message: `${name} is ${seen}`, todo: "write the BMC's own address" });
    else if (isLinkLocal(address)) {
      const message = `${name} is link-local: it is known on one cable only`;
      this.#tally.note('link-local', path, { message, todo: 'give the BMC an address of its management network' });
    } else if (isPublic(address)) {
      const message = `${name} is a public address`;
      this.#tally.note('public', path, {
        message,
        todo: 'see that only you reach it: a BMC belongs in its own network',
      });
    }
  }

  /** An address without a system means the only one there, and an iDRAC or iLO has one only: any other of that origin is the same. */
  #noteSystem({ origin, systemPath, family }: Redfish, { host, port }: Place, path: Trail): void {
    const bmc = port === '' ? host : `${host} ${port}`;
    const systems: Systems = this.#systems.get(bmc) ?? new Map<string, { path: Trail; family: Redfish['family'] }>();
    this.#systems.set(bmc, systems);
    const key = systemPath?.toLowerCase() ?? '';
    const [any] = systems.values();
    const isOnly = key === '' || family !== null || (any && any.family !== null);
    const first = isOnly ? any : (systems.get(key) ?? systems.get(''));
    if (first) reportTwice(this.#reporter, 'BMC', `${origin}${systemPath ?? ''}`, path, first.path);
    else systems.set(key, { path, family });
  }
}

/** The host of an origin (`scheme://host[:port]`): an address in its one spelling, or a name without the root's dot. */
export function hostOf(origin: string): string {
  return partsOf(origin).host;
}

function partsOf(origin: string): Place {
  const authority = origin.slice(origin.indexOf('://') + 3);
  const [port = ''] = /:\d+$/.exec(authority) ?? [];
  const name = authority.slice(0, authority.length - port.length);
  const bare = name.startsWith('[') ? name.slice(1, -1) : name.replace(/\.$/, '');
  const address = parseAddress(bare);
  return { host: address?.text ?? bare, address, port };
}
