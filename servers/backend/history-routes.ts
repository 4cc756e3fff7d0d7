/**
 * The History REST API: `/backend/data/identities`, `/visits`, `/events` and the rest, read only but for the right to erasure. Programs
 * alone may use it, never a page in a browser. The contract for people is docs/history-rest.md.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Category, CategoryMeaning } from '#core/categories/category.ts';
import { fail, succeed, type Result } from '#core/result.ts';
import { ClientOrigins } from '#node/client-origin.ts';
import type { Erasure, HistoryPlace, HistoryQuestions, HistoryScope, RowCounts } from '#ports/history.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { HISTORY_PATH, INCLUDE_TRUNCATED, PAGING_NEXT } from '#protocol/wire-history.ts';
import {
  HISTORY_ID_CHARS_MAX,
  parseHistoryQuery,
  type HistoryParameter,
  type QueryFault,
} from '#protocol/wire-history-query.ts';
import type { HistoryAccess } from './history-access.ts';
import { answerCrossings, answerListing, answerOne, notFound, readVisitor } from './history-answers.ts';
import { formatCsv, prefersCsv } from './history-csv.ts';
import { describeErasure, describeInsight, describeListing, describeSingle } from './history-openapi.ts';
import { LISTINGS, scopeOf, SINGLES, type ListingMethod, type SingleMethod } from './history-methods.ts';
import { formatPlace, parsePlace } from './history-place.ts';
import { RESOURCE_KINDS } from './history-resources.ts';
import { refuseForNow } from './retry-later.ts';
import { computeInsight } from './visitor-insight.ts';

export interface HistoryRoutesParts {
  readonly questions: HistoryQuestions;
  /** The right to erasure, over all that is stored. May take its time. */
  readonly erase: (identityId: string) => Promise<Erasure>;
  readonly access: HistoryAccess;
  /** `wmdb.limitIndexing`: nothing is indexed for questions about all visitors. */
  readonly limitIndexing: boolean;
  /** Why the store can't be asked now; null: it can. */
  readonly door: () => string | null;
  /** Server ms. */
  readonly now: () => number;
  /** Those in force. */
  readonly categories: () => Promise<readonly Category[]>;
  readonly log: { info(fields: object, message: string): void };
}

interface HistoryRoute {
  Params: { id?: string };
  Querystring: Readonly<Record<string, unknown>>;
}
type HistoryRequest = FastifyRequest<HistoryRoute>;
type Answer = (request: HistoryRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** Requests under way at once; the store serves the intake of events first of all. */
export const HISTORY_REQUESTS_MAX = 32;
/** Of methods that know none. */
const NO_PARAMETERS: readonly HistoryParameter[] = [];
/** Names in the header of what was cut. */
const CUT_NAMES_MAX = 20;

export async function addHistoryRoutes(app: FastifyInstance, parts: HistoryRoutesParts): Promise<void> {
  const { scheme, guard, guardErasure } = parts.access;
  const bounded = boundRequests(HISTORY_REQUESTS_MAX, parts.door);
  await app.register(async (scope) => {
    // Schemas only describe here: see history-openapi.ts.
    scope.setValidatorCompiler(() => () => true);
    scope.setSerializerCompiler(() => (body) => JSON.stringify(body));
    // A page must not read what visitors did: no origin is on the list.
    scope.addHook('onRequest', new ClientOrigins([]).guard('allowed'));
    scope.addHook('onRequest', guard);
    for (const method of LISTINGS) {
      scope.get<HistoryRoute>(
        HISTORY_PATH + method.path,
        { schema: describeListing(method, scheme) },
        bounded(list(parts, method)),
      );
    }
    for (const method of SINGLES) {
      scope.get<HistoryRoute>(
        HISTORY_PATH + method.path,
        { schema: describeSingle(method, scheme) },
        bounded(show(parts, method)),
      );
    }
    const identity = `${HISTORY_PATH}/identities/:id`;
    scope.get<HistoryRoute>(`${identity}/insight`, { schema: describeInsight(scheme) }, bounded(giveInsight(parts)));
    scope.delete<HistoryRoute>(
      identity,
      { schema: describeErasure(scheme), onRequest: guardErasure },
      bounded(erase(parts)),
    );
  });
}

function list(
  { questions, limitIndexing, now }: HistoryRoutesParts,
  { entity, of, parameters }: ListingMethod,
): Answer {
  return async (request, reply) => {
    if (of === 'everybody' && limitIndexing) throw new OperatingError('NOT_SUPPORTED', NOT_INDEXED);
    const scope = scopeOf(of, request.params.id ?? '');
    const query = parseHistoryQuery(parameters, request.query);
    const after = readAfter(request, scope);
    const asCsv = wantsCsv(request);
    const faults = [...faultsOfId(request), ...problemsOf(query), ...problemsOf(after), ...faultsOfCsv(request, asCsv)];
    if (!query.ok || !after.ok || faults.length > 0) return refuse(reply, faults);
    const question = { entity, scope, query: query.value, after: after.value, now: now() };
    const { resources, next, cut } = await answerListing(questions, question);
    if (next !== null) void reply.header(PAGING_NEXT, formatPlace(scope, next));
    tellCut(reply, cut);
    void reply.header('vary', 'accept');
    if (!asCsv) return reply.send(resources);
    return reply
      .type('text/csv; charset=utf-8; header=present')
      .header('content-disposition', `attachment; filename="${entity}.csv"`)
      .send(formatCsv(RESOURCE_KINDS[entity].columns, resources));
  };
}

function show({ questions }: HistoryRoutesParts, { entity, parameters }: SingleMethod): Answer {
  return async (request, reply) => {
    const { id = '' } = request.params;
    const query = parseHistoryQuery(parameters, request.query);
    const faults = [...faultsOfId(request), ...problemsOf(query)];
    if (!query.ok || faults.length > 0) return refuse(reply, faults);
    const { resource, cut } = await answerOne(questions, entity, id, query.value);
    tellCut(reply, cut);
    if ('globalVisitID' in resource && 'visitId' in resource) {
      const { prev, next } = await answerCrossings(questions, resource);
      const links = [...linkTo('prev', prev), ...linkTo('next', next)];
      if (links.length > 0) void reply.header('link', links.join(', '));
    }
    return reply.send(resource);
  };
}

function giveInsight({ questions, now, categories }: HistoryRoutesParts): Answer {
  return async (request, reply) => {
    const { id = '' } = request.params;
    const faults = [...faultsOfId(request), ...problemsOf(parseHistoryQuery(NO_PARAMETERS, request.query))];
    if (faults.length > 0) return refuse(reply, faults);
    const known = await readVisitor(questions, id);
    if (known === null) throw notFound('identity', id);
    const meanings = new Map<string, CategoryMeaning>();
    for (const { name, as } of await categories()) if (as !== undefined) meanings.set(name, as);
    return reply.send(computeInsight(known, meanings, now()));
  };
}

function erase({ erase: eraseIdentity, log }: HistoryRoutesParts): Answer {
  return async (request, reply) => {
    const { id = '' } = request.params;
    const faults = [...faultsOfId(request), ...problemsOf(parseHistoryQuery(NO_PARAMETERS, request.query))];
    if (faults.length > 0) return refuse(reply, faults);
    const { erased, inProgress } = await eraseIdentity(id);
    const [rows, left] = [sumOf(erased), sumOf(inProgress)];
    // Without the id: a log outlives what it is about.
    log.info({ rows, left }, 'an identity was erased');
    if (rows === 0 && left === 0) throw notFound('identity', id);
    return reply.send({ identityId: id, erased, inProgress });
  };
}

function sumOf(counts: RowCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

const NOT_INDEXED =
  'this method looks through all visitors, for whom nothing is indexed while service:wmdb/wmdb.limitIndexing is true';

/** Refuses what comes while so many are under way, or while the store can't be asked, and says when to come again. */
function boundRequests(requestsMax: number, door: () => string | null): (answer: Answer) => Answer {
  let underWay = 0;
  return (answer) => async (request, reply) => {
    void reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
    underWay += 1;
    try {
      const shut = underWay > requestsMax ? 'too much is asked of the history at once' : door();
      if (shut !== null) throw new OperatingError('UNAVAILABLE', shut);
      return await answer(request, reply);
    } catch (thrown) {
      return refuseForNow(thrown, reply);
    } finally {
      underWay -= 1;
    }
  };
}

/** Where the page before ended, by parameter or header; null: there was none. */
function readAfter(request: HistoryRequest, scope: HistoryScope): Result<HistoryPlace | null, QueryFault> {
  const parameter = request.query['paging_next'];
  const header = request.headers[PAGING_NEXT];
  const fault = (message: string): Result<never, QueryFault> => fail([{ parameter: 'paging_next', message }]);
  if (parameter !== undefined && header !== undefined) return fault('given as parameter and as header; expected once');
  const text = parameter ?? header;
  if (text === undefined) return succeed(null);
  // What is given more than once is told by the query's own check.
  if (typeof text !== 'string' || text === '') return succeed(null);
  const place = parsePlace(text, scope);
  return place.ok ? place : fault(place.problems.join('; '));
}

function wantsCsv({ query, headers }: HistoryRequest): boolean {
  const { format } = query;
  return format === undefined ? prefersCsv(headers.accept) : format === 'csv';
}

function faultsOfCsv({ query }: HistoryRequest, asCsv: boolean): readonly QueryFault[] {
  if (!asCsv) return [];
  return Object.keys(query)
    .filter((parameter) => parameter.startsWith('include_') && query[parameter] === 'true')
    .map((parameter) => ({
      parameter,
      message: 'a row of CSV has no room for lists; ask for them alone, or for JSON',
    }));
}

function faultsOfId({ params }: HistoryRequest): readonly QueryFault[] {
  if ((params.id ?? '').length <= HISTORY_ID_CHARS_MAX) return [];
  return [{ parameter: 'id', message: `expected at most ${HISTORY_ID_CHARS_MAX} characters` }];
}

function problemsOf<P>(result: Result<unknown, P>): readonly P[] {
  return result.ok ? [] : result.problems;
}

function refuse(reply: FastifyReply, problems: readonly QueryFault[]): FastifyReply {
  const message = problems.map((problem) => `${problem.parameter}: ${problem.message}`).join('; ');
  return reply.code(400).send({ error: { code: 'INVALID_INPUT', message, problems } });
}

function tellCut(reply: FastifyReply, cut: readonly string[]): void {
  if (cut.length === 0) return;
  const names = cut.slice(0, CUT_NAMES_MAX).map((name) => encodeURI(name));
  const more = cut.length > CUT_NAMES_MAX ? [`${cut.length - CUT_NAMES_MAX} more`] : [];
  void reply.header(INCLUDE_TRUNCATED, [...names, ...more].join(', '));
}

function linkTo(rel: string, visitId: string | null): readonly string[] {
  return visitId === null ? [] : [`<${HISTORY_PATH}/visits/${encodeURIComponent(visitId)}>; rel="${rel}"`];
}
