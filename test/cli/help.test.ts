/** What the command line says of itself: help of every verb, and the completion made from the same table. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import type { Command } from 'commander';
import { completionScript } from '../../src/cli/completion.ts';
import { program } from '../../src/cli/program.ts';

const WIDTH = 80;
const root = program(() => undefined);
const leaves = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);

/** What `--help` prints on a terminal of 80 columns. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ getOutHelpWidth: () => WIDTH, writeOut: (part) => void (text += part) });
  command.outputHelp();
  return text;
}

for (const command of [root, ...leaves(root)])
  test(`the help of ${command.name()} fits 80 columns and shows an example that is a command`, () => {
    const text = helpOf(command);
    const lines = text.split('\n');
    assert.deepEqual(
      lines.filter((line) => line.length > WIDTH),
      [],
    );
    const examples = lines.slice(lines.indexOf('Example:') + 1).filter((line) => line.trim() !== '');
    assert.ok(lines.includes('Example:') && examples.length > 0, text);
    for (const line of examples) assert.match(line, /^ {2}(snoboot|source <\(snoboot) /);
  });

/** The words that bash offers for what stands on the line; the last one is the one that is typed. */
function offered(...words: string[]): string[] {
  const script = `${completionScript('bash', root)}
COMP_WORDS=(snoboot ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}
_snoboot; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\n').filter(Boolean);
}

test('bash completes the verbs, the options of each, and the values of those that have a choice', () => {
  assert.deepEqual(offered('de'), ['deploy', 'destroy']);
  assert.deepEqual(offered('deploy', '--s'), ['--set', '--state-dir', '--stop-after-stage']);
  assert.deepEqual(offered('deploy', 'lab.yaml', '--progress', ''), ['auto', 'tty', 'plain', 'json', 'quiet']);
  assert.deepEqual(offered('plan', '-o', 'j'), ['json']);
  assert.deepEqual(offered('lab', ''), ['up']);
  assert.deepEqual(offered('lab', 'up', '--t'), ['--time-factor']);
});

test('bash leaves files to the shell where a file is wanted', () => {
  assert.deepEqual(offered('deploy', 'inv'), []);
});

test('zsh and fish are offered every verb and every option', () => {
  for (const shell of ['zsh', 'fish'] as const) {
    const script = completionScript(shell, root);
    for (const command of leaves(root))
      for (const word of [command.name(), ...command.options.map(({ long }) => long?.slice(2) ?? '')])
        assert.ok(script.includes(word), `${shell}: ${word}`);
  }
});
