/** Looks for the store that a live run would have, before it is started: starting ends what runs. */
import type { StoreReply } from '#protocol/control-api.ts';
import { storeQuestionSchema } from '#protocol/control-api-schemas.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import type { StoreChoice } from '#ports/store-choice.ts';
import { chooseStore } from '#host/commands/choose-store.ts';
import { describeProblems, loadStarted } from '#host/started-scenario.ts';

/**
 * `question` as it came over HTTP. OperatingError INVALID_INPUT with every problem by its path, UNAVAILABLE where the Cassandra that
 * was asked for can't be used.
 */
export async function findStore(scenariosFolder: string, question: unknown): Promise<StoreReply> {
  const asked = storeQuestionSchema.safeParse(question);
  if (!asked.success) {
    const problems = asked.error.issues.map(({ path, message }) => ({
      file: '',
      line: 0,
      column: 0,
      path: path.join('/'),
      message,
    }));
    throw new OperatingError('INVALID_INPUT', 'No store can be asked for like this', problems);
  }
  const { scenario, store } = asked.data;
  const loaded = loadStarted(scenariosFolder, scenario, null);
  if (!loaded.ok) throw new OperatingError('INVALID_INPUT', describeProblems(loaded.problems, scenariosFolder));
  const chosen = await chooseStore(store.name, loaded.value, store.contactPoints ?? undefined);
  return { kind: kindOf(chosen.store), about: chosen.about };
}

export function kindOf(store: StoreChoice): StoreReply['kind'] {
  return typeof store === 'string' ? store : store.kind;
}
