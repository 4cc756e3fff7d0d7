/**
 * Questions to a history that are answered soon or not at all: who asks over HTTP has gone long before a store that was lost in mid-question
 * gives up by itself.
 */
import type { HistoryQuestions } from '#ports/history.ts';
import { OperatingError } from '#protocol/operating-error.ts';

/** Wall ms. */
export const QUESTION_MS_MAX = 5_000;

/** Rejects with UNAVAILABLE where there is no answer in time. */
export function promptQuestions(questions: HistoryQuestions, msMax = QUESTION_MS_MAX): HistoryQuestions {
  return {
    get: (entity, id) => inTime(questions.get(entity, id), msMax),
    list: (entity, scope, range) => inTime(questions.list(entity, scope, range), msMax),
  };
}

async function inTime<T>(answer: Promise<T>, msMax: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new OperatingError('UNAVAILABLE', `the store has not answered in ${msMax} ms`)),
    msMax,
  );
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
