/** Batches on their way into the history: answered in whatever order, late, twice or never, each request hears of its own alone. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Effect } from '#core/effects.ts';
import { createBatch, EventBatches, type Batch } from '#core/event-batches.ts';
import { KnownEvents } from '#core/visits/known-events.ts';

type Step =
  | { readonly do: 'send' }
  | { readonly do: 'stored' | 'refused' | 'retry'; readonly back: number }
  | { readonly do: 'stray' };

const anySteps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<Step>({ do: 'send' }) },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constantFrom('stored' as const, 'refused' as const, 'retry' as const),
        /** 0: the batch that was sent last. */
        back: fc.nat({ max: 6 }),
      }),
    },
    fc.constant<Step>({ do: 'stray' }),
  ),
  { minLength: 10, maxLength: 60 },
);

/** What a request should have heard: nothing while its batch is open, then the outcome, once. */
class Expected {
  readonly answers: string[] = [];
  readonly #waiting: number[][] = [];
  readonly #outcomes: ('pending' | 'stored' | 'refused')[] = [];

  send(requestId: number): void {
    this.#waiting.push([requestId]);
    this.#outcomes.push('pending');
  }

  settle(index: number, stored: boolean): void {
    if (this.#outcomes[index] !== 'pending') return;
    this.#outcomes[index] = stored ? 'stored' : 'refused';
    for (const requestId of this.#waiting[index]?.splice(0) ?? []) this.answers.push(`${requestId} ${stored}`);
  }

  retry(index: number, requestId: number): void {
    if (this.#outcomes[index] === 'stored') {
      this.answers.push(`${requestId} true`);
      return;
    }
    this.#outcomes[index] = 'pending';
    this.#waiting[index]?.push(requestId);
  }
}

function run(steps: readonly Step[]): { readonly told: readonly string[]; readonly expected: readonly string[] } {
  const batches = new EventBatches('frontend-1', 'frontend-1');
  const expected = new Expected();
  const sent: Batch[] = [];
  const ids: string[] = [];
  const out: Effect[] = [];
  let requests = 0;
  for (const step of steps) {
    requests += 1;
    const index = 'back' in step ? sent.length - 1 - step.back : -1;
    const batch = sent[index];
    if (step.do === 'send') {
      const next = createBatch({ known: new KnownEvents(), unstored: undefined }, requests);
      batches.send(next, { visitID: 'v1', events: [], leads: undefined }, out);
      expected.send(requests);
      // With an event: what no request brought is sent again at once.
      if (next.message !== undefined) next.message = { ...next.message, events: [EVENT] };
      sent.push(next);
      ids.push(next.message?.batchId ?? '');
    } else if (step.do === 'stray') batches.settle(`frontend-1.b${sent.length + 1}`, true, out);
    else if (batch === undefined) continue;
    else if (step.do === 'retry') {
      batches.join(requests, new Set(batch.outcome === 'stored' ? [] : [batch]), out);
      expected.retry(index, requests);
    } else {
      batches.settle(ids[index] ?? '', step.do === 'stored', out);
      expected.settle(index, step.do === 'stored');
    }
  }
  const told = out.flatMap((effect) => (effect.type === 'acknowledge' ? [`${effect.requestId} ${effect.stored}`] : []));
  return { told, expected: expected.answers };
}

const EVENT = {
  eventID: 'e1',
  at: 1,
  timestamp: 1,
  visitID: 'v1',
  globalVisitID: 'g1',
  pageID: 'p1',
  eventType: 'SYSTEM',
  eventName: 'PageExited',
  url: '',
  title: '',
  category: '',
  languageCode: '',
  identity: undefined,
  data: {},
} as const;

describe('batches on their way into the history', () => {
  it('tell each request the outcome of its batch, once, whatever the order of the answers', () => {
    let refused = 0;
    let older = 0;
    fc.assert(
      fc.property(anySteps, (steps) => {
        const { told, expected } = run(steps);
        expect(told).toEqual(expected);
        refused += told.filter((answer) => answer.endsWith('false')).length;
        older += steps.filter((step) => step.do === 'stored' && step.back > 0).length;
      }),
      { numRuns: 500 },
    );
    expect(refused).toBeGreaterThan(100);
    expect(older).toBeGreaterThan(100);
  });
});
