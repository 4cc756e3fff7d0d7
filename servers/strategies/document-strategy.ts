/**
 * Strategies whose decisions are SCXML documents, behind the ports of their queues. The names under which a document
 * gets its events are those of docs/strategies.md.
 */
import { assertNever } from '#core/assert.ts';
import type { HotLead } from '#core/engagement/hot-lead.ts';
import type {
  EngagementEffect,
  EngagementEvent,
  EngagementInput,
  EngagementStrategy,
} from '#core/engagement/strategy-port.ts';
import type { PacingDecision } from '#core/pacing/pacer.ts';
import type { RandomStream } from '#core/random/stream.ts';
import type {
  ChatRoutingEffect,
  ChatRoutingEvent,
  ChatRoutingInput,
  ChatRoutingStrategy,
} from '#core/routing/chat-routing-port.ts';
import { DocumentSession } from './document-session.ts';
import type { Sandbox } from './scxml/sandbox.ts';
import type { ScxmlDocument } from './scxml/scxml-document.ts';
import { chatRoutingEffectOf, engagementEffectOf } from './services.ts';

/** A document with where it runs. */
export interface StrategySetting {
  /** For messages, such as a file's name. */
  readonly name: string;
  readonly chart: ScxmlDocument;
  /** Whoever makes it gives it back when `owner` is no more. */
  readonly createSandbox: (owner: object) => Sandbox;
  /** Chance of a session, by its id: the same session draws the same numbers wherever it runs. */
  readonly randomOf: (sessionId: string) => RandomStream;
}

export function createEngagementStrategy(setting: StrategySetting): EngagementStrategy {
  const house = new DocumentHouse(setting);
  return {
    name: setting.name,
    createSession: (input) => {
      const session = house.createSession(input.interactionId, engagementEffectOf);
      return {
        handle: (event, at, out) => handleEngagement(session, input, event, at, out),
        close: () => session.close(),
      };
    },
    close: () => house.close(),
  };
}

export function createChatRoutingStrategy(setting: StrategySetting): ChatRoutingStrategy {
  const house = new DocumentHouse(setting);
  return {
    name: setting.name,
    createSession: (input) => {
      const session = house.createSession(input.chatId, chatRoutingEffectOf);
      return {
        handle: (event, at, out) => handleChatRouting(session, input, event, at, out),
        close: () => session.close(),
      };
    },
    close: () => house.close(),
  };
}

/** Keeps the sandbox that all sessions of a document share; takes a new one where the last has broken down. */
class DocumentHouse {
  readonly #setting: StrategySetting;
  #sandbox: Sandbox | undefined;

  constructor(setting: StrategySetting) {
    this.#setting = setting;
  }

  createSession<X>(id: string, translate: ConstructorParameters<typeof DocumentSession<X>>[4]): DocumentSession<X> {
    const { chart, createSandbox, randomOf } = this.#setting;
    if (this.#sandbox?.usable !== true) this.#sandbox = createSandbox(this);
    let stream: RandomStream | undefined;
    const random = (): number => {
      stream ??= randomOf(id);
      return stream.next();
    };
    return new DocumentSession(id, chart, this.#sandbox, random, translate);
  }

  close(): void {
    this.#sandbox?.dispose();
    this.#sandbox = undefined;
  }
}

function handleEngagement(
  session: DocumentSession<EngagementEffect>,
  input: EngagementInput,
  event: EngagementEvent,
  at: number,
  out: EngagementEffect[],
): void {
  switch (event.type) {
    case 'started': {
      const { lead, ...known } = input;
      const name = input.resumed === null ? 'interaction.qualified' : 'interaction.resumed';
      session.start(name, { at, ...known, lead: leadOf(lead) }, out);
      return;
    }
    case 'timer':
      session.wake(event.sendId, out);
      return;
    case 'permit': {
      const { channel, group, permit } = event;
      const granted = permit?.granted === true;
      const pacing = permit === null ? null : pacingOf(permit.decision);
      session.deliver('pacing.permit', { at, channel, group, granted, anyAgents: permit !== null, pacing }, out);
      return;
    }
    case 'history':
      session.deliver('history.visit', { at, ...event.history }, out);
      return;
    case 'disposition':
      session.deliver(`disposition.${event.code}`, { at }, out);
      return;
    case 'expired':
      session.deliver('interaction.expired', { at }, out);
      return;
    case 'ended':
      session.deliver('interaction.ended', { at, state: event.state, reason: event.reason }, out);
      return;
    default:
      assertNever(event, 'engagement event');
  }
}

function handleChatRouting(
  session: DocumentSession<ChatRoutingEffect>,
  input: ChatRoutingInput,
  event: ChatRoutingEvent,
  at: number,
  out: ChatRoutingEffect[],
): void {
  switch (event.type) {
    case 'started':
      session.start(input.resumed ? 'chat.resumed' : 'chat.entered', { at, ...input }, out);
      return;
    case 'timer':
      session.wake(event.sendId, out);
      return;
    case 'groups':
      session.deliver('routing.groups', { at, groups: event.groups }, out);
      return;
    case 'ended':
      session.deliver(`chat.${event.how}`, { at }, out);
      return;
    default:
      assertNever(event, 'chat-routing event');
  }
}

/** What a strategy sees of a pacing decision. */
function pacingOf({ slots, busy, queued, pending, risk, limit, binding }: PacingDecision) {
  return { slots, busy, queued, pending, risk, limit, binding };
}

/** What a strategy sees of a hot lead. */
function leadOf({ firing, ...lead }: HotLead): Readonly<Record<string, unknown>> {
  const { rule, category, priority, reason, phase } = firing;
  const { id, at, visitID, globalVisitID, pageID, url, title, scope, identity = null, onSite } = lead;
  return {
    id,
    at,
    visitID,
    globalVisitID,
    pageID,
    url,
    title,
    onSite,
    identityScope: scope,
    identity,
    rule,
    package: firing.package,
    category,
    priority,
    reason,
    phase,
  };
}
