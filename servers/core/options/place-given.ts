/** Puts given options, section by section, to the options that they mean; what means none is a problem. */
import type { GivenOptions } from './given-options.ts';
import { locateOption } from './option-place.ts';
import { endpointPath } from './resolved-options.ts';
import type { RawValue } from './value-kind.ts';

/** One fault of given options; `name` is null where the section itself is wrong. */
export interface OptionProblem {
  readonly section: string;
  readonly name: string | null;
  /** What is wrong and what was expected, one sentence without a full stop. */
  readonly message: string;
}

export interface Placed {
  readonly section: string;
  readonly name: string;
  readonly raw: RawValue;
  /** For one application alone: goes before a value for all. */
  readonly specific: boolean;
  /** How many options it is given for. */
  readonly reach: number;
}

export interface PlacedOptions {
  /** By path. */
  readonly byPath: ReadonlyMap<string, Placed>;
  /** `<tenant>:<name>` of each end point given. */
  readonly endpoints: ReadonlyMap<string, Placed>;
  readonly problems: readonly OptionProblem[];
}

export function placeGiven(given: GivenOptions): PlacedOptions {
  const byPath = new Map<string, Placed>();
  const endpoints = new Map<string, Placed>();
  const problems: OptionProblem[] = [];
  for (const [section, values] of Object.entries(given)) {
    for (const [name, raw] of Object.entries(values)) {
      const place = locateOption(section, name);
      if (place.found === 'nothing') {
        problems.push({ section, name: place.wrong === 'section' ? null : name, message: place.message });
        if (place.wrong === 'section') break;
      } else if (place.found === 'endpoint') {
        const specific = section.startsWith('chat-server.');
        addPlaced(endpoints, place.key, endpointPath(place.key), { section, name, raw, specific, reach: 1 }, problems);
      } else {
        const placed = { section, name, raw, specific: place.specific, reach: place.paths.length };
        for (const path of place.paths) addPlaced(byPath, path, path, placed, problems);
      }
    }
  }
  return { byPath, endpoints, problems };
}

/** The more specific of two wins where the other one is for several; two for the same one are a mistake. */
function addPlaced(
  into: Map<string, Placed>,
  key: string,
  path: string,
  placed: Placed,
  problems: OptionProblem[],
): void {
  const other = into.get(key);
  if (other === undefined) {
    into.set(key, placed);
  } else if (other.reach === 1 && placed.reach === 1) {
    const message = `the option ${path} is given twice: also as "${other.section}/${other.name}"`;
    problems.push({ section: placed.section, name: placed.name, message });
  } else if (placed.specific) {
    into.set(key, placed);
  }
}
