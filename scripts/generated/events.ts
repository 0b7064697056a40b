/** docs/events.md, made from the table that types the events. */
import { EVENTS } from '../../src/core/event-table.ts';

export function files(): Record<string, string> {
  return { 'docs/events.md': [INTRODUCTION, ...Object.entries(EVENTS).map(section), EXAMPLES].join('\n') };
}

function section([type, { about, fields }]: [string, (typeof EVENTS)[keyof typeof EVENTS]]): string {
  const rows = Object.entries(fields).map(
    ([name, [{ name: kind, optional }, meaning]]) =>
      `| \`${name}\`${optional ? ' (may be absent)' : ''} | ${kind} | ${meaning} |`,
  );
  return [`## ${type}`, '', about, '', '| field | type | meaning |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

const INTRODUCTION = `# Events

<!-- Made by \`npm run generate\` from src/core/event-table.ts: do not edit. -->

What a run says while it goes. The same lines are written by \`--progress json\` on stdout, one event per line and nothing else
(there is no recap: the last line is \`run.ended\`), and kept in \`.snoboot/runs/<run>/events.jsonl\`. What goes wrong before
the run begins is told on stderr and by the exit code. Names and fields are only ever added to; texts may change.

Each event has, besides its own fields:

| field | type | meaning |
| --- | --- | --- |
| \`seq\` | whole number | counts from 1, over all lives of the run |
| \`at\` | text | ISO, by the run's clock: with a lab, lab time |
| \`subject\` | text | whom it is about: \`run\`, a cluster's name, or \`cluster/host\` |
| \`type\` | text | one of the headings below |

Lines of events.jsonl also end in \`sum\`, which depends on all lines before: a journal that was changed is not read. Its first line is no
event but the header: \`format\` (2), \`run\`, \`version\` (of snoboot), \`verb\`, \`replace\`, \`inventory\` (the file's name) and \`source\`
(what the run is about, value by value; secrets are references). No secret is in any line.
`;

const EXAMPLES = `## Values of several parts

- \`{code, message, todo}\`: an error; each code has a page in [errors](errors/).
- \`disk\`: \`{id, path, sizeBytes, serial, wwn}\` as the agent sent it, empty where not known.
- \`{at, text}\`: an entry of a log that is not ours, with its own date (ISO, or empty).
- \`{asked, installed}\`: versions of OpenShift.
- values by name: text, number, true or false, list of text, or null.

## Examples

\`\`\`sh
# what failed, and what to do
snoboot deploy lab.yaml --progress json | jq -r 'select(.type == "stage.failed") | [.subject, .error.code, .error.todo] | @tsv'
# how each cluster ended
jq -r 'select(.type == "cluster.ended") | "\\(.subject) \\(.outcome) \\(.exitCode)"' .snoboot/runs/*/events.jsonl
# how long each stage took, in seconds
jq -r 'select(.type == "stage.succeeded") | [.subject, .stage, .elapsedMs / 1000] | @tsv' .snoboot/runs/RUN/events.jsonl
\`\`\`
`;
