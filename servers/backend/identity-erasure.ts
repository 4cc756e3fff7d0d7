/**
 * Erases an identity everywhere: first the contact center forgets the contact, and what it had asked to be stored is; then the
 * store takes the rows away. The other way round it would put the contact again, or a row still on its way would come after.
 */
import type { IdentityErased } from '#core/messages.ts';
import type { Erasure } from '#ports/history.ts';
import { OperatingError } from '#protocol/operating-error.ts';

/** The contact center may have to be dialed anew meanwhile, wall ms. */
const FORGET_MS_MAX = 5_000;

export interface IdentityErasureParts {
  /** `onDone`: the contact center has forgotten, and all of its rows so far are stored; perhaps never. */
  readonly deliver: (input: IdentityErased, onDone: (ok: boolean) => void) => void;
  /** Why the contact center can't be reached now; null: it can. */
  readonly door: () => string | null;
  readonly store: { erase(identityId: string): Promise<Erasure> };
}

/** Rejects with UNAVAILABLE where contact center or store can't be reached; something may be erased then, and again is no harm. */
export async function eraseEverywhere(parts: IdentityErasureParts, identityId: string): Promise<Erasure> {
  const shut = parts.door();
  if (shut !== null) throw new OperatingError('UNAVAILABLE', shut);
  await forget(parts, identityId);
  return parts.store.erase(identityId);
}

function forget({ deliver }: IdentityErasureParts, identityId: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(new OperatingError('UNAVAILABLE', 'the contact center has not answered'));
    const timer = setTimeout(fail, FORGET_MS_MAX);
    deliver({ type: 'identityErased', identityId }, (ok) => {
      clearTimeout(timer);
      if (ok) resolve();
      else fail();
    });
  });
}
