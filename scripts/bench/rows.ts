/** One line of a benchmark's table. */
export interface Row {
  what: string;
  median: string;
  range: string;
}

export function rowOf(what: string, values: number[], unit: string, digits = 0): Row {
  const sorted = values.toSorted((a, b) => a - b);
  const shown = (index: number): string => `${(sorted.at(index) ?? NaN).toFixed(digits)} ${unit}`;
  return { what, median: shown(Math.floor(sorted.length / 2)), range: `${shown(0)} to ${shown(-1)}` };
}
