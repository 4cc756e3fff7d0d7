/** The check of what a screen asks of a history: nothing but the methods on the list, with whole ids and known parameters. */
import { z } from 'zod';
import {
  PASSAGE_LISTINGS,
  PASSAGE_PARAMETERS,
  PASSAGE_RECORDS,
  type HistoryQuestion,
} from '#protocol/history-passage.ts';
import { textSchema } from '#protocol/wire-events-fields.ts';
import { HISTORY_ID_CHARS_MAX } from '#protocol/wire-history-query.ts';

const PARTS_MAX = 3;

/** A dot part would lead out of its place. */
const part = textSchema(HISTORY_ID_CHARS_MAX)
  .min(1)
  .refine((text) => text !== '.' && text !== '..', 'expected an id');

export const historyQuestionSchema = z
  .strictObject({
    method: z.enum(['GET', 'DELETE']),
    path: z.array(part).min(1).max(PARTS_MAX),
    query: z.partialRecord(z.enum(PASSAGE_PARAMETERS), textSchema(2_048).min(1)),
  })
  .refine(isListed, {
    path: ['path'],
    error:
      'is not among what the screen may ask: a listing, a record by its id, or what is inside an identity or visit',
  }) satisfies z.ZodType<HistoryQuestion>;

function isListed({ method, path: [first = '', id, inside] }: Pick<HistoryQuestion, 'method' | 'path'>): boolean {
  if (method === 'DELETE') return first === 'identities' && id !== undefined && inside === undefined;
  if (id === undefined) return PASSAGE_LISTINGS.includes(first);
  if (!Object.hasOwn(PASSAGE_RECORDS, first)) return false;
  return inside === undefined || PASSAGE_RECORDS[first]?.includes(inside) === true;
}
