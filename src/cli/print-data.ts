/** A result as data on stdout: `-o json` and `-o yaml`. */
import { yamlText } from '../inventory/yaml-text.ts';
import type { Output } from './options.ts';

export function printData(form: Exclude<Output, 'text'>, data: object): void {
  process.stdout.write(form === 'json' ? `${JSON.stringify(data, null, 2)}\n` : yamlText(data));
}
