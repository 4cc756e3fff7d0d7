/** The OpenAPI description of the History REST API. It only describes: requests are checked by their handlers, all faults at once. */
import type { FastifySchema } from 'fastify';
import type { HistoryEntity } from '#ports/history.ts';
import { toJsonSchema, type JsonSchema } from '#protocol/wire-events-fields.ts';
import { erasureSchema, historyErrorSchema, insightSchema, RESOURCE_SCHEMAS } from '#protocol/wire-history.ts';
import { describeHistoryQuery, HISTORY_ID_CHARS_MAX } from '#protocol/wire-history-query.ts';
import type { HistoryAccess } from './history-access.ts';
import type { ListingMethod, SingleMethod } from './history-methods.ts';
import { RESOURCE_KINDS } from './history-resources.ts';

type Scheme = HistoryAccess['scheme'];

const ERROR = toJsonSchema(historyErrorSchema);
const PARAMS = {
  type: 'object',
  properties: { id: { type: 'string', minLength: 1, maxLength: HISTORY_ID_CHARS_MAX } },
  required: ['id'],
};
const RESOURCES: ReadonlyMap<HistoryEntity, JsonSchema> = new Map(
  (Object.keys(RESOURCE_SCHEMAS) as HistoryEntity[]).map((entity) => [entity, toJsonSchema(RESOURCE_SCHEMAS[entity])]),
);
const CUT = { type: 'string', description: 'Included lists that were cut, as <id>/<list>' };

export function describeListing({ entity, of, parameters }: ListingMethod, scheme: Scheme): FastifySchema {
  const whose = of === 'everybody' ? 'all visitors; needs wmdb.limitIndexing false' : `one ${of}`;
  const next = { type: 'string', description: 'Where the next page begins; absent: this was the last one' };
  return {
    ...described(`Each ${RESOURCE_KINDS[entity].title} of ${whose}, newest first`, scheme),
    querystring: describeHistoryQuery(parameters),
    ...(of === 'everybody' ? {} : { params: PARAMS }),
    response: {
      200: {
        description: 'A page of the listing',
        headers: { 'Paging-Next': next, 'Include-Truncated': CUT },
        content: {
          'application/json': { schema: { type: 'array', items: RESOURCES.get(entity) } },
          'text/csv': { schema: { type: 'string' } },
        },
      },
      ...refusals(scheme, of === 'everybody' ? [501] : [404]),
    },
  };
}

export function describeSingle({ entity, parameters }: SingleMethod, scheme: Scheme): FastifySchema {
  return {
    ...described(`One ${RESOURCE_KINDS[entity].title}`, scheme),
    querystring: describeHistoryQuery(parameters),
    params: PARAMS,
    response: {
      200: {
        description: 'As it is known now',
        headers: { 'Include-Truncated': CUT },
        content: { 'application/json': { schema: RESOURCES.get(entity) } },
      },
      ...refusals(scheme, [404]),
    },
  };
}

export function describeInsight(scheme: Scheme): FastifySchema {
  return {
    ...described('How recently and how often somebody has come, and what he has reached', scheme),
    params: PARAMS,
    response: { 200: toJsonSchema(insightSchema), ...refusals(scheme, [404]) },
  };
}

export function describeErasure(scheme: Scheme): FastifySchema {
  return {
    ...described(
      'Erases an identity with its visits and all that they hold, and its contact, chats and interactions that are over',
      scheme,
    ),
    security: [scheme === 'basic' ? { historyBasic: [] } : { nodeSecret: [] }],
    params: PARAMS,
    response: { 200: toJsonSchema(erasureSchema), ...refusals('basic', [404]) },
  };
}

function described(summary: string, scheme: Scheme): FastifySchema {
  return { summary, tags: ['history'], security: scheme === 'basic' ? [{ historyBasic: [] }] : [] };
}

function refusals(scheme: Scheme, more: readonly number[]): Record<number, JsonSchema> {
  const statuses = [400, 403, ...more, ...(scheme === 'basic' ? [401, 429] : []), 503];
  return Object.fromEntries(statuses.map((status) => [status, ERROR]));
}
