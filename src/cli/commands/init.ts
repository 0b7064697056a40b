/** `snoboot init`: a commented inventory to start from, as short as it can be; inventory/example.yaml explains the rest. */
import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EXIT, SnobootError } from '../../core/errors.ts';
import { startText } from '../start-text.ts';

/** Never overwrites: throws E-USAGE where there is something already, or where nothing can be written. */
export async function initCommand(file: string): Promise<number> {
  try {
    await writeFile(file, startText(file), { flag: 'wx', mode: 0o644 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new SnobootError('E-USAGE', `${file} is there already, and stays as it is`, 'name another file');
    const todo = code === 'ENOENT' ? `make the folder ${dirname(file)} first` : 'name a file that you may write';
    throw new SnobootError('E-USAGE', `${file} cannot be written (${code})`, todo);
  }
  process.stdout.write(nextSteps(file));
  return EXIT.ok;
}

function nextSteps(file: string): string {
  return [
    `${file} is written. Next:`,
    `  1. snoboot deploy ${file} --rehearse   on machines of the embedded lab: no hardware, no accounts, no secrets`,
    '  2. fill in what is marked with fill-in, and put the secrets where it says',
    `  3. snoboot validate ${file}            names what is still to be filled in; contacts nothing`,
    `  4. snoboot plan ${file}                looks at the real machines, and changes nothing`,
    '',
  ].join('\n');
}
