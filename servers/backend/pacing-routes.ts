/**
 * The pacing REST: what share of reactive visitors to let in, how many agents are free, and what pacing would let out now, with
 * its explanation. Read by pages and by programs; pages of other origins than the site's are refused.
 */
import type { FastifyInstance } from 'fastify';
import { assertNever } from '#core/assert.ts';
import type { PacingInquiry, PacingReply } from '#core/pacing/pacing-inquiry.ts';
import type { ClientOrigins } from '#node/client-origin.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { errorReplySchema } from '#protocol/wire-about.ts';
import { toJsonSchema, type JsonSchema } from '#protocol/wire-events-fields.ts';
import {
  PACING_PATH,
  pacingQuerySchema,
  reactiveStateQuerySchema,
  reactiveStateReplySchema,
  type PacingQuery,
} from '#protocol/wire-pacing.ts';
import type { PacingInquiries } from './pacing-inquiries.ts';
import { refuseForNow } from './retry-later.ts';

interface PacingRoute {
  readonly kind: PacingInquiry['kind'];
  readonly summary: string;
  readonly querystring: JsonSchema;
  readonly reply?: JsonSchema;
}

const ROUTES: readonly PacingRoute[] = [
  {
    kind: 'reactiveState',
    summary: 'The share of visitors who look for help themselves to be let in; needs a DUAL algorithm',
    querystring: toJsonSchema(reactiveStateQuerySchema),
    reply: toJsonSchema(reactiveStateReplySchema),
  },
  {
    kind: 'channelCapacity',
    summary: 'Slots that could take an interaction now, whatever invites are out',
    querystring: toJsonSchema(pacingQuerySchema),
  },
  {
    kind: 'prediction',
    summary: 'What pacing goes by, and what it would let out now in each group, with the reason',
    querystring: toJsonSchema(pacingQuerySchema),
  },
];

export function addPacingRoutes(app: FastifyInstance, origins: ClientOrigins, inquiries: PacingInquiries): void {
  const error = toJsonSchema(errorReplySchema);
  for (const { kind, summary, querystring, reply } of ROUTES) {
    const answers = { 400: error, 403: error, 404: error, 409: error, 503: error };
    const schema = {
      summary,
      tags: ['pacing'],
      querystring,
      response: reply === undefined ? answers : { 200: reply, ...answers },
    };
    app.get<{ Querystring: PacingQuery }>(
      `${PACING_PATH}/${kind}`,
      { schema, onRequest: origins.guard('allowed') },
      async (request, response) => {
        const inquiry = inquiryOf(kind, request.query);
        return bodyOf(await inquiries.ask(inquiry).catch((why: unknown) => refuseForNow(why, response)));
      },
    );
  }
}

function inquiryOf(kind: PacingInquiry['kind'], { channel, groups, visitID, askId }: PacingQuery): PacingInquiry {
  if ((visitID === undefined) !== (askId === undefined))
    throw new OperatingError(
      'INVALID_INPUT',
      'visitID and askId belong together: who asks, and which of his questions',
    );
  const asker = visitID === undefined || askId === undefined ? null : { visitID, askId };
  return { kind, channel, groups: groups === undefined ? null : [groups].flat(), asker };
}

const CODES = { notDual: 'CONFLICT', off: 'CONFLICT', unknownGroups: 'NOT_FOUND' } as const;

function bodyOf(reply: PacingReply): object {
  switch (reply.kind) {
    case 'reactiveState':
      return { reactiveState: reply.reactiveState };
    case 'channelCapacity':
      return { capacity: reply.capacity, groups: reply.groups };
    case 'prediction': {
      const { inForce, predicted, groups } = reply;
      return { ...inForce, predicted, groups };
    }
    case 'refused':
      throw new OperatingError(CODES[reply.why], reply.text);
    default:
      return assertNever(reply, 'reply about pacing');
  }
}
