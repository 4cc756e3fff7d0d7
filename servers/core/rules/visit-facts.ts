/** What rules may ask of a visit besides its events. `core/visits/visit.ts` keeps it; the rules only read it. */
import type { IdentityScope } from '#core/visits/visit.ts';

export interface VisitFacts {
  readonly visitID: string;
  readonly globalVisitID: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly scope: IdentityScope;
  /** Who the visitor is, where he is known. */
  readonly identity: string | undefined;
  /** 1: the browser's first visit, and where nobody has told. */
  readonly visitNumber: number;
  /** The URL that the visit's first page was reached from, '' where it is not known. */
  readonly referrer: string;
}
