/** What the host answers, as a state of a component: waiting, answered, or refused in words. */
import { useEffect, useState } from 'react';
import { HostRefusal } from '#renderer/feed/host-api.ts';

export type Answer<T> =
  | { readonly state: 'waiting'; readonly before: T | undefined }
  | { readonly state: 'answered'; readonly value: T }
  | { readonly state: 'refused'; readonly refusal: HostRefusal; readonly before: T | undefined };

type Ask<T> = (signal: AbortSignal) => Promise<T>;

/** How long after this answer the same is asked again, ms; null: it is not. */
export type AskAgain<T> = (answer: Answer<T>) => number | null;

/**
 * Asks whenever `ask` is another function; the last answer stays at hand as `before` meanwhile. `delayMs`: waits for typing to end.
 * `again`: what may be answered otherwise soon is asked again, and stays until that is there; another function asks anew.
 */
export function useAnswer<T>(ask: Ask<T>, delayMs = 0, again: AskAgain<T> = never): Answer<T> {
  const [last, setLast] = useState<{ readonly to: Ask<T>; readonly answer: Answer<T> } | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const take = (answerAfter: (before: T | undefined) => Answer<T>): void => {
      if (abort.signal.aborted) return;
      setLast((earlier) => ({ to: ask, answer: answerAfter(earlier ? valueOf(earlier.answer) : undefined) }));
      const againMs = again(answerAfter(undefined));
      if (againMs !== null) timer = setTimeout(send, againMs);
    };
    const send = (): void => {
      ask(abort.signal).then(
        (value) => take(() => ({ state: 'answered', value })),
        (error: unknown) => take((before) => ({ state: 'refused', refusal: refusalOf(error), before })),
      );
    };
    timer = setTimeout(send, delayMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [ask, delayMs, again]);
  if (last?.to === ask) return last.answer;
  return { state: 'waiting', before: last ? valueOf(last.answer) : undefined };
}

const never = (): null => null;

function refusalOf(error: unknown): HostRefusal {
  return error instanceof HostRefusal
    ? error
    : new HostRefusal(error instanceof Error ? error.message : String(error), []);
}

/** The newest value there is, be it of an earlier question. */
export function valueOf<T>(answer: Answer<T>): T | undefined {
  return answer.state === 'answered' ? answer.value : answer.before;
}
