/**
 * The right to erasure, step by step: counted, done, and proven gone by asking anew for the identity and for each visit that was known.
 *
 *   idle --count--> counting --> counted --erase--> erasing --> done (with what the tables gave, and the proof)
 *   counting, erasing --refused--> failed --count--> counting
 */
import { useCallback, useState } from 'react';
import { HistoryRefusal, type Erasure, type HistoryClient } from '#renderer/history/history-client.ts';
import { countIdentity, proveGone, type IdentityCounts, type Proof } from '#renderer/history/erase-identity.ts';

export interface ErasureDone extends Erasure {
  readonly proofs: readonly Proof[];
}

export type ErasureStep =
  | { readonly step: 'idle' }
  | { readonly step: 'counting' }
  | { readonly step: 'counted'; readonly counts: IdentityCounts }
  | { readonly step: 'erasing'; readonly counts: IdentityCounts }
  | { readonly step: 'failed'; readonly words: string };

export interface ErasureUse {
  readonly state: ErasureStep;
  /** null: nothing was erased. */
  readonly done: ErasureDone | null;
  /** Counts what would be lost. */
  readonly count: () => void;
  readonly erase: () => void;
  readonly cancel: () => void;
  /** Goes back to the identity, as if one came anew. */
  readonly forget: () => void;
}

export function useErasure(client: HistoryClient, identityId: string): ErasureUse {
  const [state, setState] = useState<ErasureStep>({ step: 'idle' });
  const [done, setDone] = useState<ErasureDone | null>(null);
  const count = useCallback(() => {
    setState({ step: 'counting' });
    countIdentity(client, identityId).then(
      (counts) => setState({ step: 'counted', counts }),
      (error: unknown) => setState({ step: 'failed', words: wordsOf(error) }),
    );
  }, [client, identityId]);
  const erase = (): void => {
    if (state.step !== 'counted') return;
    const { counts } = state;
    setState({ step: 'erasing', counts });
    eraseAndProve(client, identityId, counts).then(
      (finished) => {
        setState({ step: 'idle' });
        setDone(finished);
      },
      (error: unknown) => setState({ step: 'failed', words: wordsOf(error) }),
    );
  };
  return {
    state,
    done,
    count,
    erase,
    cancel: () => setState({ step: 'idle' }),
    forget: () => setDone(null),
  };
}

async function eraseAndProve(client: HistoryClient, identityId: string, counts: IdentityCounts): Promise<ErasureDone> {
  const { value } = await client.erase(identityId);
  return { ...value, proofs: await proveGone(client, identityId, counts.visitIds) };
}

function wordsOf(error: unknown): string {
  if (error instanceof HistoryRefusal) return error.message;
  throw error;
}
