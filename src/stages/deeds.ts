/** What a run did to one cluster or host, over all its lives: each effect's last intent and what came of it. */
import type { Code } from '../core/errors.ts';

export interface Deed {
  /** How often it was tried in this stage, since the stage began. */
  count: number;
  /** When it was last heard of, by intent or result: milliseconds of the run's clock. */
  at: number;
  /** `unknown`: nobody wrote down what came of it. */
  outcome: 'done' | 'failed' | 'unknown';
  /** Of a failure. */
  code?: Code;
}

/** What cleanup owes a machine. */
export type Debt = 'media' | 'override' | 'power';

const DEBTS: Record<string, Debt> = {
  'insert-media/eject': 'media',
  'insert-media/insert': 'media',
  'boot-once/override': 'override',
  'boot-once/power-off': 'power',
  'boot-once/power-on': 'power',
};

export class Deeds {
  /** Grows with each effect on the machine; whoever leaves it clean clears it. */
  readonly owes = new Set<Debt>();
  readonly #all = new Map<string, Deed>();
  /** Stages that began and did not end, with the effects that they tried. */
  readonly #open = new Map<string, Map<string, Deed>>();

  /** The last deed of this effect in this stage, ended or not. */
  last(stage: string, effect: string): Deed | undefined {
    return this.#all.get(`${stage}/${effect}`);
  }

  /** The tries of a stage that is under way; none where it is not. */
  tries(stage: string): ReadonlyMap<string, Deed> {
    return this.#open.get(stage) ?? new Map();
  }

  /** Stages that began and did not end. */
  open(): string[] {
    return [...this.#open.keys()];
  }

  begin(stage: string): void {
    if (!this.#open.has(stage)) this.#open.set(stage, new Map());
  }

  intend(stage: string, effect: string, count: number, at: number): void {
    const deed: Deed = { count, at, outcome: 'unknown' };
    this.#all.set(`${stage}/${effect}`, deed);
    const debt = DEBTS[`${stage}/${effect}`];
    if (debt) this.owes.add(debt);
    this.begin(stage);
    this.#open.get(stage)?.set(effect, deed);
  }

  settle(stage: string, effect: string, at: number, failure?: Code): void {
    const deed = this.last(stage, effect);
    if (deed) Object.assign(deed, failure ? { at, outcome: 'failed', code: failure } : { at, outcome: 'done' });
  }

  end(stage: string): void {
    this.#open.delete(stage);
  }

  /** Nothing of it holds any more, because the machine was let go; what is owed stays owed. */
  forget(): void {
    this.#all.clear();
    this.#open.clear();
  }
}
