/** Options as files give them, before anything is checked. */
import type { RawValue } from './value-kind.ts';

/** By section and name. A section may carry its application (`frontend.log`) where more than one has it: see option-place.ts. */
export type GivenOptions = Readonly<Record<string, Readonly<Record<string, RawValue>>>>;

/** `faithful`: a wrong or absent value is treated as the original treats it, where the guide says how. */
export type Fidelity = 'improved' | 'faithful';
