/** Asks the host over HTTP; what it refuses comes back in its own words. */
import {
  CONTROL_PATHS,
  type ConsistencyReply,
  type DecisionReply,
  type ErrorReply,
  type LinkReply,
  type Problem,
  type ScenarioCard,
  type SizingReport,
  type StoreQuestion,
  type StoreReply,
} from '#protocol/control-api.ts';
import type { HistoryAnswer, HistoryQuestion } from '#protocol/history-passage.ts';

/** Why the host did not do what was asked: a sentence, and every fault of the input. */
export class HostRefusal extends Error {
  readonly problems: readonly Problem[];

  constructor(message: string, problems: readonly Problem[]) {
    super(message);
    this.name = 'HostRefusal';
    this.problems = problems;
  }
}

export function listScenarios(signal: AbortSignal): Promise<readonly ScenarioCard[]> {
  return ask(CONTROL_PATHS.scenarios, { signal });
}

export function sizeDeployment(inputs: Readonly<Record<string, number>>, signal: AbortSignal): Promise<SizingReport> {
  return ask(CONTROL_PATHS.sizing, { signal, ...posted(inputs) });
}

/** What a cluster and its data centers promise, by the inputs as they were typed. */
export function judgeConsistency(inputs: object, signal: AbortSignal): Promise<ConsistencyReply> {
  return ask(CONTROL_PATHS.consistency, { signal, ...posted(inputs) });
}

/** The exact decision of pacing of a group at a moment of a run. */
export function askDecision(runId: string, group: string, atMs: number, signal: AbortSignal): Promise<DecisionReply> {
  return ask(CONTROL_PATHS.decision(runId, group, atMs), { signal });
}

/** What a Backend of a live run answers to a question about its history. */
export function askHistory(
  runId: string,
  question: HistoryQuestion,
  signal: AbortSignal | undefined,
): Promise<HistoryAnswer> {
  return ask(CONTROL_PATHS.history(runId), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(question),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Which store a live run of a scenario would have; refused in words where it can't be reached. */
export function findStore(question: StoreQuestion, signal: AbortSignal): Promise<StoreReply> {
  return ask(CONTROL_PATHS.store, { signal, ...posted(question) });
}

/** A link that lets one more browser in. */
export async function createLink(): Promise<string> {
  const reply: LinkReply = await ask(CONTROL_PATHS.links, { method: 'POST' });
  return reply.url;
}

function posted(inputs: object): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(inputs) };
}

/** The host is of the same build as this page: what it answers has the shape that it says. */
async function ask<T>(path: string, init: RequestInit): Promise<T> {
  let reply: Response;
  try {
    reply = await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new HostRefusal('The host does not answer: is it still running?', []);
  }
  if (reply.ok) return (await reply.json()) as T;
  const { error } = (await reply.json()) as ErrorReply;
  throw new HostRefusal(error.message, error.problems);
}
