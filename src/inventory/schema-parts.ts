/** What schemas of an inventory are built of: a kind of value, its check, and the sentence that an editor shows. */
import { z } from 'zod';
import { unfilled } from './unfilled.ts';
import { type Check, secret } from './values.ts';

const CHECKS = new WeakMap<z.core.$ZodType, Check>();

/** The check of a schema that `text` made. */
export function checkOf(schema: z.core.$ZodType): Check | undefined {
  return CHECKS.get(schema);
}

/** `pattern` is for editors, which know no check: it may be laxer. */
export function text(own: Check, description: string, pattern?: string) {
  const check: Check = own === secret ? own : (value) => unfilled(value) ?? own(value);
  const schema = z
    .string()
    .superRefine((value, context) => {
      const problem = check(value);
      if (problem) context.addIssue({ code: 'custom', message: problem.message, params: { todo: problem.todo } });
    })
    .meta({ description, ...(pattern === undefined ? {} : { pattern }) });
  CHECKS.set(schema, check);
  return schema;
}

export const words = (description: string) => z.string().meta({ description });
export const truth = (description: string) => z.boolean().meta({ description });
export const port = z.int().min(1).max(65535);
export const count = z.int().min(1).max(1_000_000);
