/** The way from the screen to the history of a live run: POST /api/runs/ID/history, checked here, answered by a Backend. */
import type { FastifyInstance } from 'fastify';
import { historyQuestionSchema } from '#protocol/history-passage-schema.ts';
import type { HistoryAnswer } from '#protocol/history-passage.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { HistoryPassage } from '#host/history-passage.ts';
import type { RunControl } from '#host/run-control.ts';

export function addHistoryPassage(server: FastifyInstance, runs: RunControl, passage = new HistoryPassage()): void {
  server.post<{ Params: { id: string } }>('/api/runs/:id/history', async (request): Promise<HistoryAnswer> => {
    const asked = historyQuestionSchema.safeParse(request.body);
    if (!asked.success) {
      const problems = asked.error.issues.map(({ path, message }) => `${path.join('/') || 'question'}: ${message}`);
      throw new OperatingError('INVALID_INPUT', `This can't be asked of a history: ${problems.join('; ')}`);
    }
    const { id } = request.params;
    const access = await runs.backendAccess(id);
    if (access === undefined) {
      throw new OperatingError(
        'NOT_FOUND',
        `Run ${id.slice(0, 60)} has no Backends to ask: live runs have, until they end`,
      );
    }
    return passage.ask(access, asked.data);
  });
}
