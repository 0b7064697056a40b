/** Plain data as YAML text, for results that are asked for in that form. */
import { dump } from 'js-yaml';

/** No anchors, no wrapped lines; ends with a line end. */
export function yamlText(data: unknown): string {
  return dump(data, { noRefs: true, lineWidth: -1 });
}
