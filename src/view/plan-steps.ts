/** The steps of a plan for people: at the service, on the machine; what is so, what would be done, and what only in some case. */
import type { Step } from './plan.ts';
import { clean, indented } from './text.ts';

const isOfCluster = ({ subject }: Step): boolean => !subject.includes('/');

export function stepLines(steps: Step[]): string[] {
  const ofMachines = steps.filter((step) => !isOfCluster(step));
  return [...linesAt('at the service and here', steps.filter(isOfCluster)), ...linesAt('on the machine', ofMachines)];
}

function linesAt(where: string, steps: Step[]): string[] {
  const acts = steps.filter(({ effect }) => effect !== null);
  const will = told(acts.filter(({ when }) => when === 'will'));
  const may = told(acts.filter(({ when, onlyIf }) => when === 'may' && onlyIf === null)).filter(
    (says) => !will.includes(says),
  );
  const cases = new Set(acts.flatMap(({ onlyIf }) => (onlyIf === null ? [] : [onlyIf])));
  const lines = [
    ...listed('already so: ', told(steps.filter(({ when }) => when === 'so'))),
    ...will.flatMap((says) => indented(`- ${says}`, 4)),
    ...listed('- if need be: ', may),
    ...[...cases].flatMap((one) => listed(`- if ${one}: `, told(acts.filter(({ onlyIf }) => onlyIf === one)))),
  ];
  return lines.length === 0 ? [] : [`  ${where}:`, ...lines];
}

function told(steps: Step[]): string[] {
  return [...new Set(steps.map(({ says }) => clean(says)))];
}

function listed(title: string, all: string[]): string[] {
  return all.length === 0 ? [] : indented(`${title}${all.join('; ')}`, 4);
}
