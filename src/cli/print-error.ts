/** How an error that ends the whole command is said: code, what was seen, what to do, its page; all issues of an inventory at once. */
import { asSnobootError, pageOf } from '../core/errors.ts';
import { printable } from '../core/secret.ts';
import { InventoryError } from '../inventory/issues.ts';
import type { Issue } from '../inventory/types.ts';

/** Prints on stderr and returns the exit code. */
export function printError(thrown: unknown): number {
  const error = asSnobootError(thrown);
  if (error instanceof InventoryError) printIssues(error.issues);
  const more = pageOf(error.code);
  process.stderr.write(`${error.code}: ${error.message}\n  what to do: ${error.todo}\n  more: ${more}\n`);
  return error.exitCode;
}

export function printIssues(issues: readonly Issue[]): void {
  for (const { where, severity, message, todo } of issues)
    process.stderr.write(`${where}: ${severity}: ${printable(message, 600)}; ${printable(todo, 400)}\n`);
}
