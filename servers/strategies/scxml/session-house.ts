/**
 * A session and its house: what a session needs of what is around it, which is the ways out, its invoked children and
 * the count of its steps.
 */
import type { SandboxScope, SandboxSession } from './sandbox.ts';
import type { Invoke, Payload, StateNode } from './scxml-document.ts';
import type { ScxmlEvent } from './scxml-event.ts';

export interface ScxmlSession extends SandboxSession {
  readonly id: string;
  readonly scope: SandboxScope;
  readonly kinship: Kinship | null;
  /** Events from outside that wait. */
  readonly external: ScxmlEvent[];
  raise(event: ScxmlEvent): void;
  raiseError(name: 'error.execution' | 'error.communication', message: string, sendId?: string): void;
}

/** Where a session stands in a family of sessions. */
export interface Kinship {
  readonly parent: ScxmlSession;
  /** The id by which the parent knows it. */
  readonly invokeId: string;
}

export interface Message {
  readonly event: string;
  readonly target: string;
  /** '' for SCXML's own processor. */
  readonly processor: string;
  readonly sendId: string | undefined;
  readonly data: Payload | undefined;
  readonly delayMs: number;
}

export interface SessionHouse {
  random(): number;
  /** Throws a `SessionFault` once a turn has had too many. */
  countStep(): void;
  nextId(): number;
  /** Whether messages may be sent to a processor of this type. */
  knowsProcessor(type: string): boolean;
  /** What is wrong with the message; null where it is on its way. */
  send(from: ScxmlSession, message: Message): string | null;
  cancelSend(from: ScxmlSession, sendId: string): void;
  /** Its id; null where it could not be started, which its session has been told. */
  invoke(from: ScxmlSession, state: StateNode, invoke: Invoke): string | null;
  cancelInvoke(from: ScxmlSession, invokeId: string): void;
  forward(from: ScxmlSession, invokeId: string, event: ScxmlEvent): void;
  log(from: ScxmlSession, label: string, text: string): void;
  noticeError(from: ScxmlSession, name: string, message: string): void;
  /** No transition takes this error. */
  errorUntaken(event: ScxmlEvent): void;
}
