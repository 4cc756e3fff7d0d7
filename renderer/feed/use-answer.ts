/** What the host answers, as a state of a component: waiting, answered, or refused in words. */
import { useEffect, useState } from 'react';
import { HostRefusal } from '#renderer/feed/host-api.ts';

export type Answer<T> =
  | { readonly state: 'waiting'; readonly before: T | undefined }
  | { readonly state: 'answered'; readonly value: T }
  | { readonly state: 'refused'; readonly refusal: HostRefusal; readonly before: T | undefined };

type Ask<T> = (signal: AbortSignal) => Promise<T>;

/** Asks whenever `ask` is another function; the last answer stays at hand as `before` meanwhile. `delayMs`: waits for typing to end. */
export function useAnswer<T>(ask: Ask<T>, delayMs = 0): Answer<T> {
  const [last, setLast] = useState<{ readonly to: Ask<T>; readonly answer: Answer<T> } | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    const take = (answer: (before: T | undefined) => Answer<T>): void => {
      if (!abort.signal.aborted)
        setLast((earlier) => ({ to: ask, answer: answer(earlier ? valueOf(earlier.answer) : undefined) }));
    };
    const timer = setTimeout(() => {
      ask(abort.signal).then(
        (value) => take(() => ({ state: 'answered', value })),
        (error: unknown) => {
          const refusal =
            error instanceof HostRefusal
              ? error
              : new HostRefusal(error instanceof Error ? error.message : String(error), []);
          take((before) => ({ state: 'refused', refusal, before }));
        },
      );
    }, delayMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [ask, delayMs]);
  if (last?.to === ask) return last.answer;
  return { state: 'waiting', before: last ? valueOf(last.answer) : undefined };
}

/** The newest value there is, be it of an earlier question. */
export function valueOf<T>(answer: Answer<T>): T | undefined {
  return answer.state === 'answered' ? answer.value : answer.before;
}
