/**
 * The engagement gateway, for a strategy that runs outside of the contact center: which interactions wait for a decision, a pacing
 * permit for one, and the orders to engage or not. The caller knows the node secret. The first decision counts: the same again
 * is answered as before, another one is a conflict.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { assertNever } from '#core/assert.ts';
import type { RefusalReason } from '#core/engagement/failure-reason.ts';
import type { QualifiedInteraction, StrategyOrder, StrategyReply } from '#core/engagement/strategy-order.ts';
import { guardBySecret } from '#node/secret-guard.ts';
import { OperatingError, type OperatingErrorCode } from '#protocol/operating-error.ts';
import { errorReplySchema } from '#protocol/wire-about.ts';
import { toJsonSchema, type JsonSchema } from '#protocol/wire-events-fields.ts';
import {
  decisionReplySchema,
  engageBodySchema,
  noEngageBodySchema,
  permitBodySchema,
  permitReplySchema,
  qualifiedReplySchema,
  type EngageBody,
  type NoEngageBody,
  type PermitBody,
} from '#protocol/wire-gateway.ts';
import { PACING_PATH } from '#protocol/wire-pacing.ts';
import { refuseForNow } from './retry-later.ts';
import type { StrategyOrders } from './strategy-orders.ts';

const GATEWAY_PATH = '/backend/data/gateway';

/** The gateway's words for why there is no engagement, in the machine's. */
const REASONS: Readonly<Record<NoEngageBody['cancelData']['reason'], RefusalReason>> = {
  noAgents: 'noAgents',
  policy: 'policy',
  expired: 'expired',
  duplicate: 'inviteOpen',
};

export function addGatewayRoutes(app: FastifyInstance, secret: string, orders: StrategyOrders): void {
  const onRequest = guardBySecret(secret);
  const give = async (order: StrategyOrder, reply: FastifyReply): Promise<object> =>
    bodyOf(await orders.give(order).catch((why: unknown) => refuseForNow(why, reply)));

  app.get(
    `${GATEWAY_PATH}/interactions`,
    {
      onRequest,
      schema: describe('gateway', 'The interactions that wait for a decision, oldest first', qualifiedReplySchema),
    },
    (_request, reply) => give({ kind: 'list' }, reply),
  );
  app.post<{ Body: PermitBody }>(
    `${PACING_PATH}/permit`,
    {
      onRequest,
      schema: {
        ...describe('pacing', 'One invite for an interaction; asked again it is the same permit', permitReplySchema),
        body: toJsonSchema(permitBodySchema),
      },
    },
    ({ body }, reply) =>
      give({ kind: 'permit', interactionId: body.interactionId, visitID: body.visitId, channel: body.channel }, reply),
  );
  app.post<{ Body: EngageBody }>(
    `${GATEWAY_PATH}/engage`,
    {
      onRequest,
      schema: {
        ...describe('gateway', 'The visitor of an interaction is invited', decisionReplySchema),
        body: toJsonSchema(engageBodySchema),
      },
    },
    ({ body: { ixnProfile } }, reply) => give(engageOrderOf(ixnProfile), reply),
  );
  app.post<{ Body: NoEngageBody }>(
    `${GATEWAY_PATH}/noengage`,
    {
      onRequest,
      schema: {
        ...describe('gateway', 'An interaction ends without an invite', decisionReplySchema),
        body: toJsonSchema(noEngageBodySchema),
      },
    },
    ({ body: { cancelData } }, reply) => {
      const { interactionId, visitId: visitID, reason, text = '' } = cancelData;
      return give({ kind: 'noEngage', interactionId, visitID, reason: REASONS[reason], text }, reply);
    },
  );
}

function describe(tag: string, summary: string, reply: Parameters<typeof toJsonSchema>[0]): Record<string, unknown> {
  const error: JsonSchema = toJsonSchema(errorReplySchema);
  return {
    summary,
    tags: [tag],
    security: [{ nodeSecret: [] }],
    response: { 200: toJsonSchema(reply), 400: error, 401: error, 404: error, 409: error, 503: error },
  };
}

function engageOrderOf({
  interactionId,
  visitId,
  channel,
  registration,
  userData,
}: EngageBody['ixnProfile']): StrategyOrder {
  const texts = Object.entries(userData ?? {}).map(([key, value]): [string, string] => [key, String(value ?? '')]);
  return {
    kind: 'engage',
    interactionId,
    visitID: visitId,
    channel,
    userData: Object.fromEntries(texts),
    registrationRequired: registration?.required ?? false,
  };
}

const CODES: Readonly<Record<Extract<StrategyReply, { kind: 'refused' }>['why'], OperatingErrorCode>> = {
  unknown: 'NOT_FOUND',
  decided: 'CONFLICT',
  busy: 'CONFLICT',
  off: 'CONFLICT',
};

function bodyOf(reply: StrategyReply): object {
  switch (reply.kind) {
    case 'list':
      return { interactions: reply.interactions.map(listed) };
    case 'permit':
      return { granted: reply.granted, group: reply.group, sentence: reply.sentence };
    case 'done':
      return { state: reply.state, already: reply.already };
    case 'refused':
      throw new OperatingError(CODES[reply.why], reply.text);
    default:
      return assertNever(reply, 'reply to a strategy outside');
  }
}

function listed({ visitID, pageID, attemptNumber, ...rest }: QualifiedInteraction): object {
  return { ...rest, visitId: visitID, pageId: pageID, attempt_number: attemptNumber };
}
