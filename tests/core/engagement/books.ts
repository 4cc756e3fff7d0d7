/** The books of a shift: what must add up at every moment, and what must be true of every interaction in the end. */
import type { Bench } from './contact-center-bench.ts';
import { GROUP } from './contact-center-bench.ts';

const TERMINAL = ['Accepted', 'Rejected', 'Timeout', 'Failed'];

/** What does not add up at this moment, in words; empty: all does. */
export function checkBooks({ totals, contactCenter }: Bench): readonly string[] {
  const { engagement, chats } = contactCenter;
  const inside = (name: string): number => {
    const queue = totals.queues.get(name);
    return (queue?.entered ?? 0) - (queue?.left ?? 0);
  };
  const terminal = TERMINAL.reduce((sum, name) => sum + (totals.queues.get(name)?.entered ?? 0), 0);
  const ended = totals.accepted + totals.rejected + totals.timeout + totals.inviteFailed;
  const open = inside('Qualified') + inside('Engaged');
  const levels = totals.groups.get(GROUP);
  const held = [...chats.agents].reduce((sum, agent) => sum + agent.slots.size, 0);
  const problems: string[] = [];
  const equal = (what: string, a: number | undefined, b: number): void => {
    if (a !== b) problems.push(`${what}: ${a} and ${b}`);
  };
  const attempts = totals.hotLeads + totals.followUpsApproved;
  equal('attempts = open + terminal', attempts, open + terminal - totals.followUpsDismissed);
  equal('open interactions', engagement.open, open);
  equal('attempts = refused + sent + qualified', attempts, totals.refused + totals.sent + inside('Qualified'));
  equal('sent = ended + engaged', totals.sent, ended + inside('Engaged'));
  equal('chats = accepted + asked for by the visitor', totals.chatsQueued, totals.accepted + totals.reactive.letIn);
  equal('waiting chats', chats.waitingChats, inside('Chat'));
  equal('waiting chats as counted', totals.waitingChats, chats.waitingChats);
  equal('slots taken', levels?.busySlots.level, held);
  equal('slots', levels?.slots.level, chats.slotsOf(GROUP));
  const inConversation = totals.chatsStarted - totals.chatsCompleted;
  if (inConversation < 0 || inConversation > held) problems.push(`${inConversation} conversations in ${held} slots`);
  for (const agent of chats.agents) {
    if (agent.slots.size > agent.capacity) problems.push(`${agent.agentId} has ${agent.slots.size} chats`);
  }
  return problems;
}

/** What is wrong with the ways that interactions took, once nothing is open any more. */
export function checkWays(bench: Bench): readonly string[] {
  const ways = new Map<string, string[]>();
  const invited = new Map<string, string>();
  const problems: string[] = [];
  for (const fact of bench.facts) {
    if (fact.kind !== 'interactionMoved') continue;
    const { interactionId, visitID, after } = fact;
    ways.set(interactionId, [...(ways.get(interactionId) ?? []), fact.to]);
    if (after !== 'invited' && invited.get(visitID) === interactionId) invited.delete(visitID);
    if (after !== 'invited') continue;
    if (invited.has(visitID)) problems.push(`${visitID} is engaged twice`);
    invited.set(visitID, interactionId);
  }
  for (const [interactionId, way] of ways) {
    const ends = way.filter((queue) => TERMINAL.includes(queue));
    if (way[0] !== 'Qualified' || ends.length !== 1 || !TERMINAL.includes(way.at(-1) ?? '')) {
      problems.push(`${interactionId} went ${way.join(' > ')}`);
    }
  }
  return problems;
}
