/** docs/errors/: a page for each code of the catalogue, and an index by exit code. */
import type { ErrorPage } from '../../src/core/error-page.ts';
import { CATALOGUE } from '../../src/core/error-catalogue.ts';
import { PAGES } from '../../src/core/error-pages.ts';
import { type Code, CODES, EXIT, pageOf } from '../../src/core/errors.ts';

const MADE = '<!-- Made by npm run generate from src/core/error-catalogue.ts and error-pages.ts: change it there. -->';

const EXIT_WORDS: Partial<Record<number, string>> = {
  [EXIT.internal]: 'internal error',
  [EXIT.usage]: 'usage, inventory or plan',
  [EXIT.refused]: 'refused for safety',
  [EXIT.unreachable]: 'BMC or service unreachable or not allowed',
  [EXIT.failed]: 'host or install failed',
  [EXIT.storage]: 'local storage',
  [EXIT.interrupted]: 'interrupted, continuable',
};

/** Path below the repository's root → text. */
export function files(): Record<string, string> {
  const codes = (Object.keys(CODES) as Code[]).sort();
  const pages = codes.map((code) => [pageOf(code), pageText(code, PAGES[code])] as const);
  return { ...Object.fromEntries(pages), 'docs/errors/README.md': index(codes) };
}

function pageText(code: Code, { means, causes, checks, remedy }: ErrorPage): string {
  const exit = CODES[code];
  const sections = [
    `# ${code}\n\n${MADE}`,
    `${means} Exit code ${exit}: ${EXIT_WORDS[exit]}.`,
    `## Cause\n\n${causes.map((cause) => `- ${cause}`).join('\n')}`,
    `## Check\n\n${checks.map(([command, tells]) => `- \`${command}\`\n  ${tells}`).join('\n')}`,
    `## Remedy\n\n${[capital(CATALOGUE[code].todo), ...remedy].map((line) => `- ${line}`).join('\n')}`,
    'What happened in your run: `snoboot why FILE`. All codes: [README.md](README.md).',
  ];
  return `${sections.join('\n\n')}\n`;
}

function index(codes: readonly Code[]): string {
  const exits = [...new Set(Object.values(CODES))].sort((a, b) => a - b);
  const tables = exits.map((exit) => {
    const rows = codes
      .filter((code) => CODES[code] === exit)
      .map((code) => `- [${code}](${code}.md): ${PAGES[code].means}`);
    return `## Exit code ${exit}: ${EXIT_WORDS[exit]}\n\n${rows.join('\n')}`;
  });
  const intro = `Each failure prints a code; each code has a page with cause, check and remedy. In commands FILE is the inventory,
CLUSTER and HOST are names in it, BMC and SERVICE addresses, USER an account of the BMC. Exit code 6 means that some
clusters are installed and some are not, 7 that all are but something is owed on a machine: \`snoboot status FILE\` says what.`;
  return `# Errors\n\n${MADE}\n\n${intro}\n\n${tables.join('\n\n')}\n`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
