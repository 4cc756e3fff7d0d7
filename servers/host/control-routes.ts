/** The control server's routes: the built screen, the scenario gallery, sizing, reports, and what the host is. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import {
  CONTROL_PATHS,
  type AboutReply,
  type DecisionReply,
  type LinkReply,
  type ScenarioCard,
  type StoreReply,
} from '#protocol/control-api.ts';
import { decisionQuerySchema } from '#protocol/control-api-schemas.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { answerConsistency } from '#host/consistency-answer.ts';
import { addHistoryPassage } from '#host/control-history.ts';
import { REPORT_HEADERS, screenHeaders } from '#host/control-headers.ts';
import type { RunControl } from '#host/run-control.ts';

/** What the server shows; handed in, so that it knows neither the simulator nor the file system's layout. */
export interface ControlResources {
  /** The built screen: index.html and assets/. */
  readonly uiFolder: string;
  readonly runs: RunControl;
  readonly about: AboutReply;
  /** The gallery, read anew at each call: files may have been edited. */
  readonly listScenarios: () => Promise<readonly ScenarioCard[]>;
  /** Sizing inputs as given -> report; OperatingError INVALID_INPUT with every problem. */
  readonly size: (inputs: unknown) => object;
  /** Which store a live run would have: the question as it came. OperatingError as of `findStore`. */
  readonly findStore: (question: unknown) => Promise<StoreReply>;
}

/** Where index.html holds the nonce of its style elements. */
const NONCE_PLACEHOLDER = '__STYLE_NONCE__';

export function addControlRoutes(server: FastifyInstance, resources: ControlResources, createLink: () => string): void {
  const { runs } = resources;
  addScreen(server, resources.uiFolder);
  server.get(CONTROL_PATHS.about, () => resources.about);
  server.get(CONTROL_PATHS.scenarios, () => resources.listScenarios());
  server.post(CONTROL_PATHS.sizing, (request) => resources.size(request.body));
  server.post(CONTROL_PATHS.consistency, (request) => answerConsistency(request.body));
  addDecision(server, runs);
  addHistoryPassage(server, runs);
  server.post(CONTROL_PATHS.store, (request) => resources.findStore(request.body));
  server.post(CONTROL_PATHS.links, (): LinkReply => ({ url: createLink() }));
  server.get<{ Params: { id: string }; Querystring: { download?: string } }>(
    '/api/runs/:id/report',
    async (request, reply) => {
      const { id } = request.params;
      const html = await runs.report(id);
      if (html === undefined)
        throw new OperatingError(
          'NOT_FOUND',
          `There is no report of run ${id.slice(0, 60)}: another run has begun since`,
        );
      const disposition = request.query.download === undefined ? 'inline' : 'attachment';
      return reply
        .headers(REPORT_HEADERS)
        .header('content-disposition', `${disposition}; filename="report-${id.replaceAll(/[^\w.-]/g, '-')}.html"`)
        .type('text/html; charset=utf-8')
        .send(html);
    },
  );
}

/** The exact decision of pacing at a moment; every fault of the question by its place. */
function addDecision(server: FastifyInstance, runs: RunControl): void {
  server.get<{ Params: { id: string } }>('/api/runs/:id/decision', async (request): Promise<DecisionReply> => {
    const asked = decisionQuerySchema.safeParse(request.query);
    if (!asked.success) {
      const problems = asked.error.issues.map(({ path, message }) => `${path.join('/') || 'query'}: ${message}`);
      throw new OperatingError('INVALID_INPUT', `A decision is asked for by group and atMs: ${problems.join('; ')}`);
    }
    const { group, atMs } = asked.data;
    const decision = await runs.decision(request.params.id, group, atMs);
    if (decision === undefined)
      throw new OperatingError('NOT_FOUND', `No decision of "${group}" is known at that moment`);
    return decision;
  });
}

function addScreen(server: FastifyInstance, uiFolder: string): void {
  server.get('/', async (_request, reply) => {
    const nonce = randomBytes(18).toString('base64url');
    const page = await readFile(join(uiFolder, 'index.html'), 'utf8');
    return reply
      .headers(screenHeaders(nonce))
      .type('text/html; charset=utf-8')
      .send(page.replaceAll(NONCE_PLACEHOLDER, nonce));
  });
  void server.register(fastifyStatic, {
    root: join(uiFolder, 'assets'),
    prefix: '/assets/',
    index: false,
    decorateReply: false,
    cacheControl: false,
    setHeaders(reply) {
      /** Vite names assets by their content. */
      reply.header('cache-control', 'private, max-age=31536000, immutable');
    },
  });
}
