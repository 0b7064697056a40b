/** Kinds of value that an event's fields have: each says its type to the compiler, and its name to docs/events.md. */

/** `T` exists for the compiler alone. */
export interface Kind<T> {
  readonly name: string;
  readonly optional: boolean;
  readonly type?: T;
}

const kind = <T>(name: string): Kind<T> => ({ name, optional: false });

export const text = kind<string>('text');
export const whole = kind<number>('whole number');
export const truth = kind<boolean>('true or false');

export const oneOf = <const T extends string>(...words: T[]): Kind<T> =>
  kind(words.map((word) => `\`${word}\``).join(', '));

export const listOf = <T>(of: Kind<T>): Kind<T[]> => kind(`list of ${of.name}`);

/** Plain JSON whose shape stands elsewhere: `name` says it. */
export const shape = <T>(name: string): Kind<T> => kind(name);

export const orNull = <T>(of: Kind<T>): Kind<T | null> => kind(`${of.name}, or null`);

/** A field that may be absent. */
export const maybe = <T>(of: Kind<T>): Kind<T> & { readonly optional: true } => ({ name: of.name, optional: true });

export type Fields = Record<string, readonly [Kind<unknown>, string]>;

type Optional<F extends Fields> = { [K in keyof F]: F[K][0] extends { optional: true } ? K : never }[keyof F];
type TypeOf<K> = K extends Kind<infer T> ? T : never;

/** The object that has these fields. */
export type Valued<F extends Fields> = { [K in Exclude<keyof F, Optional<F>>]: TypeOf<F[K][0]> } & {
  [K in Optional<F>]?: TypeOf<F[K][0]>;
};
