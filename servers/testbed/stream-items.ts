/**
 * Facts and events as lines of the stream, each decision with its why: sentences first, figures second, the raw record
 * last.
 */
import { assertNever } from '#core/assert.ts';
import { isFollowUp } from '#core/engagement/follow-up-desk.ts';
import { describeDecision } from '#core/pacing/describe-decision.ts';
import type { CompiledRules } from '#core/rules/compiled-rules.ts';
import { explainFiring } from '#core/rules/explain-firing.ts';
import type { FailureReason } from '#core/engagement/failure-reason.ts';
import { describePacingChange } from '#core/pacing/pacing-command.ts';
import type { CallbackStep, Fact, RecallCause } from '#core/statistics/fact.ts';
import type { VisitEvent } from '#core/visits/event.ts';
import { decisionFigures, explainDecision } from './decision-why.ts';
import type { FaultMark } from './fault-mark.ts';
import type { StreamItem, StreamKind, Why } from '#protocol/run-feed.ts';

export const REASON_SENTENCES: Readonly<Record<FailureReason, string>> = {
  noPermit: 'Pacing gave no permit: one more invite would risk the goal.',
  noAgents: 'No agent is logged in who could take the chat.',
  inviteOpen: 'The visit already has an open invite.',
  chatOpen: 'The visitor is already in a chat.',
  visitorGone: 'The visitor has left the site.',
  expired: 'The hot lead came later than engagementExpirationTime after it arose.',
  policy: "The strategy's own policy was against it.",
  strategyFailed: "The engagement strategy's session has failed.",
  undecided: 'The engagement strategy had not decided within engagementExpirationTime.',
  notShown: 'The invite was not shown within engagementExpirationTime: the visitor had gone.',
  silent: 'The browser said nothing more after it showed the invite: the visitor left without an answer.',
  formExpired: 'The registration form was not filled in within registrationFormExpirationTime.',
  formAbandoned: 'The visitor closed the registration form.',
  cleaned: 'It was stuck in its queue for longer than everything that ends it, and was cleaned out of it.',
  dismissed: 'An agent dismissed the follow-up.',
  visitEnded: 'The visit ended before the visitor answered.',
};

const IDENTITY_EVENTS = new Set(['SignIn', 'SignOut', 'UserInfo']);

export function describeEvent(event: VisitEvent, n: number, startsAt: number): StreamItem {
  return {
    n,
    atMs: event.at - startsAt,
    kind: kindOfEvent(event),
    visitID: event.visitID,
    name: event.eventName,
    text: textOfEvent(event),
    why: { sentences: [], figures: [], record: event },
  };
}

function kindOfEvent(event: VisitEvent): StreamKind {
  if (event.eventType === 'BUSINESS') return 'business';
  if (event.eventName === 'VisitStarted') return 'visit';
  return IDENTITY_EVENTS.has(event.eventName) ? 'identity' : 'page';
}

function textOfEvent(event: VisitEvent): string {
  const values = Object.values(event.data);
  const said = values.length > 0 ? `${values.map(String).join(', ')} on ` : '';
  const category = event.category === '' ? '' : ` [${event.category}]`;
  return `${said}${event.title}${category}`;
}

export function describeFault({ atMs, kind, node, phase }: FaultMark, n: number): StreamItem {
  const sentence = FAULT_SENTENCES[kind][phase];
  return {
    n,
    atMs,
    kind: 'fault',
    visitID: null,
    name: node,
    text: `${kind} ${phase}`,
    why: { sentences: [`${node} ${sentence}.`], figures: [], record: { kind, node, phase } },
  };
}

const FAULT_SENTENCES: Readonly<Record<FaultMark['kind'], Readonly<Record<FaultMark['phase'], string>>>> = {
  kill: { begins: 'was killed and has lost its memory', ends: 'was started again and takes up what it had stored' },
  stop: { begins: 'hangs: it hears nothing and its timers wait', ends: 'goes on from where it hung' },
  restart: { begins: 'is being restarted', ends: 'is up again' },
  slow: { begins: 'answers slowly', ends: 'answers as fast as before' },
  partition: { begins: 'is cut off from all others', ends: 'is connected again' },
};

export interface FactContext {
  readonly startsAt: number;
  readonly rules: CompiledRules;
  readonly describeTime: (at: number) => string;
}

export function describeFact(fact: Fact, n: number, context: FactContext): StreamItem {
  const item = (kind: StreamKind, visitID: string | null, name: string, text: string, why: Why | null): StreamItem => ({
    n,
    atMs: fact.at - context.startsAt,
    kind,
    visitID,
    name,
    text,
    why,
  });
  const record = (sentences: readonly string[], figures: Why['figures'] = []): Why => ({
    sentences,
    figures,
    record: fact,
  });
  switch (fact.kind) {
    case 'hotLead': {
      const { lead } = fact;
      const sentences = explainFiring(lead.firing, context.rules, context.describeTime);
      return item(
        'rule',
        lead.visitID,
        lead.firing.rule,
        `${isFollowUp(lead) ? 'follow-up' : 'hot lead'} on ${lead.title}`,
        record(sentences, leadFigures(fact)),
      );
    }
    case 'interactionMoved': {
      const refused = fact.decision !== null && fact.reason !== null;
      const kind = refused || fact.reason === 'noAgents' ? 'pacing' : 'invite';
      const text = fact.reason === null ? `${fact.from ?? 'new'} > ${fact.to}` : `${fact.to}: ${fact.reason}`;
      return item(kind, fact.visitID, fact.rule, text, record(moveSentences(fact), decisionFigures(fact.decision)));
    }
    case 'strategy': {
      const kind = fact.strategy === 'engagement' ? 'invite' : 'chat';
      const failed = fact.level === 'failed' ? 'failed: ' : '';
      return item(kind, fact.visitID, fact.id, `strategy: ${failed}${fact.text}`, record([strategySentence(fact)]));
    }
    case 'interactionStopped': {
      const sentence = `Interaction ${fact.interactionId} was cleaned out of ${fact.queue}.`;
      return item('invite', fact.visitID, fact.interactionId, `cleaned out of ${fact.queue}`, record([sentence]));
    }
    case 'inviteShown':
      return item(
        'invite',
        fact.visitID,
        fact.interactionId,
        'invite shown',
        record(['The browser shows the invite.']),
      );
    case 'chat':
      return item('chat', fact.visitID, fact.chatId, chatText(fact), record([chatSentence(fact)]));
    case 'lineShown': {
      const text = `a line shown after ${seconds(fact.heldMs)}`;
      return item('chat', fact.visitID, fact.chatId, text, record([`The refresh of the chat brought ${text}.`]));
    }
    case 'refreshTimedOut': {
      const text = `no answer for ${fact.chats} chats`;
      const sentence = `The contact center did not answer within requestTimeout: what is said in ${fact.chats} chats waits.`;
      return item('chat', null, fact.backend, text, record([sentence]));
    }
    case 'callback': {
      const text = CALLBACK_SENTENCES[fact.state];
      const by = fact.agentId === null ? '' : ` (${fact.agentId})`;
      return item('chat', fact.visitID, fact.callbackId, `callback: ${text}${by}`, record([`Callback: ${text}${by}.`]));
    }
    case 'agent':
      return item(
        'agent',
        null,
        fact.agentId,
        describeAgentState(fact),
        record([`${fact.agentId} of ${fact.group} is ${describeAgentState(fact)} now.`, ...twiceSentences(fact)]),
      );
    case 'slots': {
      const text = `${fact.busy} of ${fact.slots} slots taken`;
      return item('agent', null, fact.group, text, record([`${fact.group}: ${text}, ${fact.present} agents present.`]));
    }
    case 'pacing':
      return item('pacing', null, fact.decision.group, `${fact.decision.allowed} allowed`, {
        ...explainDecision(fact.decision),
        record: fact,
      });
    case 'reactive': {
      const sentence = 'A visitor looks for help himself; his page asks which share of such visitors is let in.';
      return item('chat', fact.visitID, 'reactive', 'looks for help', record([sentence]));
    }
    case 'pacingCommand': {
      const text = describePacingChange(fact.before, fact.after);
      const by = fact.by === 'screen' ? 'somebody at the screen' : "the scenario's file";
      return item('pacing', null, 'what-if', text, record([`Pacing was told by ${by}: ${text}.`]));
    }
    default:
      return assertNever(fact, 'fact');
  }
}

function leadFigures(fact: Extract<Fact, { kind: 'hotLead' }>): Why['figures'] {
  const { lead } = fact;
  return [
    { name: 'package', value: lead.firing.package },
    { name: 'priority', value: String(lead.firing.priority) },
    { name: 'visitor', value: lead.identity === undefined ? lead.scope : `${lead.scope}: ${lead.identity}` },
  ];
}

function moveSentences(fact: Extract<Fact, { kind: 'interactionMoved' }>): readonly string[] {
  const moved =
    fact.from === null
      ? `Interaction ${fact.interactionId} was created in ${fact.to}.`
      : `Interaction ${fact.interactionId} moved from ${fact.from} to ${fact.to}.`;
  return [
    ...(fact.reason === null ? [] : [REASON_SENTENCES[fact.reason]]),
    ...(fact.text === null ? [] : [`The strategy says: ${fact.text}.`]),
    ...(fact.decision === null ? [] : [describeDecision(fact.decision)]),
    moved,
  ];
}

function strategySentence({ strategy, level, text }: Extract<Fact, { kind: 'strategy' }>): string {
  const what = strategy === 'engagement' ? 'engagement strategy' : 'chat-routing strategy';
  return level === 'failed' ? `The session of the ${what} has failed: ${text}.` : `The ${what} says: ${text}.`;
}

function describeAgentState({ state, reason }: Extract<Fact, { kind: 'agent' }>): string {
  return state === 'notReady' && reason !== null ? `${state} (${reason})` : state;
}

function twiceSentences({ group, alsoPacedIn }: Extract<Fact, { kind: 'agent' }>): readonly string[] {
  if (alsoPacedIn === undefined) return [];
  return [`Warning: he is in ${alsoPacedIn} too, another group of the channel; pacing counts him in ${group} alone.`];
}

function chatText(fact: Extract<Fact, { kind: 'chat' }>): string {
  const by = fact.agentId === null ? '' : ` by ${fact.agentId}`;
  return fact.state === 'queued' ? 'waits for an agent' : `${fact.state}${by} after ${seconds(fact.waitMs)}`;
}

const CALLBACK_SENTENCES: Readonly<Record<CallbackStep, string>> = {
  asked: 'the visitor wants to be called',
  due: 'it waits for an agent',
  late: 'no agent has begun the call in time',
  offered: 'it rings at an agent',
  recalled: 'it waits for another agent',
  accepted: 'the agent dials',
  connected: 'the visitor has answered',
  noAnswer: 'nobody answered, it is tried again later',
  rescheduled: 'another time was agreed on',
  unreachable: 'nobody answered, and it is not tried again',
  completed: 'the conversation is over',
};

const RECALL_SENTENCES: Readonly<Record<RecallCause, string>> = {
  agentGone: 'The agent has gone before he answered',
  missed: 'The agent did not answer in time',
  rejected: 'The agent did not want it',
};

function chatSentence(fact: Extract<Fact, { kind: 'chat' }>): string {
  switch (fact.state) {
    case 'offered':
      return `It rings at ${fact.agentId ?? 'an agent'} after ${seconds(fact.waitMs)}.`;
    case 'recalled':
      return `${RECALL_SENTENCES[fact.cause ?? 'agentGone']}: after ${seconds(fact.waitMs)} the visitor waits for another.`;
    case 'transferred':
      return `${fact.agentId ?? 'The agent'} passes the conversation on: the visitor waits for another agent.`;
    case 'queued':
      return 'The visitor asked for the chat and waits for a free agent.';
    case 'started':
      return `${fact.agentId ?? 'An agent'} answered after ${seconds(fact.waitMs)}.`;
    case 'abandoned':
      if (fact.again) return `The visitor gave up after ${seconds(fact.waitMs)} between two agents.`;
      return `The visitor gave up after ${seconds(fact.waitMs)}: an abandonment.`;
    case 'completed':
      return `The conversation is over; the visitor had waited ${seconds(fact.waitMs)} for it.`;
    default:
      return assertNever(fact.state, 'chat state');
  }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
