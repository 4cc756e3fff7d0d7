/** Options for files that others may read: with what nobody may be shown masked. */
import type { GivenOptions } from './given-options.ts';
import { locateOption } from './option-place.ts';
import { optionAt } from './option-table.ts';

/** In the place of a secret; not empty, as whether one is given is no secret and some options need it. */
const MASK = '(not shown)';

/** What means no option stays as it is. */
export function maskSecrets(given: GivenOptions): GivenOptions {
  return Object.fromEntries(
    Object.entries(given).map(([section, values]) => [
      section,
      Object.fromEntries(
        Object.entries(values).map(([name, raw]) => [name, raw !== '' && isSecret(section, name) ? MASK : raw]),
      ),
    ]),
  );
}

function isSecret(section: string, name: string): boolean {
  const place = locateOption(section, name);
  return place.found === 'options' && place.paths.some((path) => optionAt(path).kind.secret);
}
