/** What the simulator's people do when their time has come: the kernel's handlers. */
import type { DeskAgent } from '#crowd/desk-agent.ts';
import type { Visitor } from '#crowd/visitor.ts';

/** An agent and the chat that he goes on with. */
export interface Turn {
  readonly agent: DeskAgent;
  readonly chatId: string;
}

export function browse(visitor: Visitor, _detail: number, nowUs: number): void {
  visitor.browse(nowUs);
}

export function seekHelp(visitor: Visitor): void {
  visitor.seekHelp();
}

export function answer(visitor: Visitor, turn: number, nowUs: number): void {
  visitor.answerNow(turn, nowUs);
}

export function workOnChat(subject: Turn, turn: number, nowUs: number): void {
  subject.agent.chatWoken(subject.chatId, turn, nowUs);
}

export function takeBreak(agent: DeskAgent, _detail: number, nowUs: number): void {
  agent.breakWoken(nowUs);
}

export function changeShift(agent: DeskAgent, _detail: number, nowUs: number): void {
  agent.shiftWoken(nowUs);
}

export function lookForFollowUps(agent: DeskAgent, _detail: number, nowUs: number): void {
  agent.followUpsWoken(nowUs);
}

export function getReady(agent: DeskAgent): void {
  agent.readyWoken();
}
