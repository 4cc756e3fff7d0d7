/** Why pacing decided as it did: sentences first, figures second, the raw record last. */
import { describeDecision } from '#core/pacing/describe-decision.ts';
import type { PacingDecision, ReactiveDecision } from '#core/pacing/pacer.ts';
import { describeDuration } from '#testbed/report/figure-text.ts';
import type { Why } from '#protocol/run-feed.ts';

export function explainDecision(decision: PacingDecision): Why {
  const { reactive } = decision;
  const sentences = [sentenceCase(describeDecision(decision))];
  if (reactive !== undefined) sentences.push(describeReactive(reactive));
  return { sentences, figures: decisionFigures(decision), record: decision };
}

function describeReactive({ reactiveState, reserved, busy, queued }: ReactiveDecision): string {
  const kept = reserved === 0 ? 'no slot is kept' : `${reserved} ${reserved === 1 ? 'slot is' : 'slots are'} kept`;
  const waiting = queued > 0 ? `, ${queued} of them waiting` : '';
  return `Of the visitors who ask for a chat themselves ${percent(reactiveState)} are let in; ${busy + queued} are there${waiting}; ${kept} for those who are invited.`;
}

/** Figures of a decision, for people; an empty list for none. */
export function decisionFigures(decision: PacingDecision | null): Why['figures'] {
  if (decision === null) return [];
  const { slots, busy, queued, pending, acceptShare, acceptDelaySeconds, releasesSoon, risk, limit, binding } =
    decision;
  const { ledger, ledgerSince, gain, idle, idleLimit, reactive } = decision;
  const figures = [
    { name: 'slots', value: String(slots) },
    { name: 'busy', value: String(busy) },
    { name: `released within ${acceptDelaySeconds.toFixed(0)} s`, value: releasesSoon.toFixed(2) },
    { name: 'waiting', value: String(queued) },
    { name: 'invites out', value: String(pending) },
    { name: 'accept share', value: percent(acceptShare) },
    { name: 'risk of the next', value: cost(risk) },
    { name: 'limit', value: cost(limit) },
    { name: 'binding', value: binding },
  ];
  if (ledger !== null) figures.push({ name: 'ledger', value: `${ledger.toFixed(2)} chats` });
  if (ledgerSince !== undefined) {
    figures.push({ name: 'ledger counts for', value: describeDuration(decision.at - ledgerSince) });
  }
  if (gain !== null) figures.push({ name: 'gain', value: gain.toFixed(3) });
  if (idle !== null) figures.push({ name: 'idle slots expected', value: idle.toFixed(2) });
  if (idleLimit !== null) figures.push({ name: 'idle slots needed', value: idleLimit.toFixed(2) });
  return reactive === undefined ? figures : [...figures, ...reactiveFigures(reactive)];
}

function reactiveFigures(reactive: ReactiveDecision): Why['figures'] {
  const { askedPerSecond, reactiveState, busy, queued, reserved, ledger, wholeRisk, wholeLimit } = reactive;
  const figures = [
    { name: 'ask for a chat themselves', value: `${(askedPerSecond * 60).toFixed(2)} /min` },
    { name: 'let in', value: percent(reactiveState) },
    { name: 'reactive chats busy', value: String(busy) },
    { name: 'reactive chats waiting', value: String(queued) },
    { name: 'slots kept for invited ones', value: String(reserved) },
  ];
  if (ledger !== null) figures.push({ name: 'ledger of all chats', value: `${ledger.toFixed(2)} chats` });
  if (wholeRisk !== null) figures.push({ name: 'shadow price of the next', value: cost(wholeRisk) });
  if (wholeLimit !== null) figures.push({ name: 'its limit', value: cost(wholeLimit) });
  return figures;
}

/** Four decimals; what these would hide, as a power of ten. */
function cost(abandonments: number): string {
  return abandonments === 0 || abandonments >= 0.0005 ? abandonments.toFixed(4) : abandonments.toExponential(1);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function sentenceCase(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}
