/** The house rules that a linter can see. Who may import whom stands in rooms.json, which test/architecture.test.ts reads too. */
import { readFileSync } from 'node:fs';
import tseslint from 'typescript-eslint';

const { rooms, packages, longestFile } = JSON.parse(readFileSync(new URL('rooms.json', import.meta.url), 'utf8'));

/** Folders between a room's root and a file, for which import rules are made: relative paths differ by depth. */
const DEPTHS = [0, 1, 2];

/** Clocks and sockets that only core may touch. */
const PORTS = {
  globals: ['setTimeout', 'setInterval', 'fetch'].map((name) => ({ name, message: 'Use a port of src/core.' })),
  properties: [
    { object: 'Date', property: 'now', message: 'Use Clock of src/core.' },
    { object: 'performance', property: 'now', message: 'Use Clock of src/core.' },
    { object: 'Math', property: 'random', message: 'Use Random of src/core.' },
  ],
  imports: ['node:timers', 'node:timers/promises'].map((name) => ({ name, message: 'Use Clock of src/core.' })),
};

/** One configuration per room and depth: forbidden rooms by relative path, forbidden packages by name. */
function importRules([room, allowed]) {
  const forbidden = Object.keys(rooms).filter((other) => other !== room && other !== 'src' && !allowed.includes(other));
  const foreign = Object.keys(packages).filter((name) => !packages[name].some((place) => place.startsWith(`${room}/`)));
  return DEPTHS.filter((depth) => room !== 'src' || depth === 0).map((depth) => {
    const up = '../'.repeat(room.split('/').length + depth).replaceAll('.', '\\.');
    const inSrc = '../'.repeat(room.split('/').length - 1 + depth).replaceAll('.', '\\.');
    const paths = forbidden.flatMap((other) =>
      room.startsWith('src/') && other.startsWith('src/') ? [`${inSrc}${other.slice(4)}/`] : [`${up}${other}/`],
    );
    const regexes = [...paths.map((path) => `^${path}`), ...foreign.map((name) => `^${name}(/|$)`)];
    return {
      files: [`${room}/${'*/'.repeat(depth)}*.ts`],
      rules: {
        'no-restricted-imports': [
          'error',
          {
            paths: room === 'src/core' || room === 'scripts' ? [] : PORTS.imports,
            patterns: regexes.map((regex) => ({ regex, message: 'Not for this room: see rooms.json.' })),
          },
        ],
      },
    };
  });
}

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '**/.snoboot/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // A void arrow may be written without braces; numbers and booleans may stand in templates; `!` is seen in review.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Interfaces here are records of closures: no method has a `this` to lose.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' }],
    },
  },
  {
    files: ['src/**/*.ts', 'pipelines/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: longestFile }],
      'max-lines-per-function': ['error', { max: 60 }],
    },
  },
  {
    files: ['src/**/*.ts', 'pipelines/**/*.ts'],
    ignores: ['src/core/**'],
    rules: {
      'no-restricted-globals': ['error', ...PORTS.globals],
      'no-restricted-properties': ['error', ...PORTS.properties],
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Use Clock of src/core.' },
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
      ],
    },
  },
  ...Object.entries(rooms).flatMap(importRules),
  { files: ['src/cli/**/*.ts', 'scripts/**/*.ts'], rules: { 'no-console': 'off' } },
  // xstate reads the types of a machine from an empty object that is said to have them.
  { files: ['pipelines/*.ts'], rules: { '@typescript-eslint/no-unnecessary-type-assertion': 'off' } },
  {
    files: ['test/**/*.ts'],
    rules: {
      // node:test's promises are awaited by its runner.
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: ['test', 'describe', 'it'] }] },
      ],
    },
  },
);
