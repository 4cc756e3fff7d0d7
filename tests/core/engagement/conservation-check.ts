/**
 * Conservation, by an account that knows nothing of how the contact center keeps its interactions: every one that the facts tell of
 * is in one queue, has one way with at most one terminal queue as its end, and facts, machine and stored rows tell the same.
 */
import { isTerminal, type InteractionState } from '#core/engagement/interaction.ts';
import { VOICE_GROUP, type Bench } from './contact-center-bench.ts';

export class Conservation {
  readonly problems: string[] = [];
  readonly #states = new Map<string, InteractionState>();
  readonly #invited = new Map<string, string>();
  readonly #late = new Set<string>();
  #stopped = 0;
  #created = 0;
  #seen = 0;

  /** Call after each event. */
  check(bench: Bench): void {
    for (; this.#seen < bench.facts.length; this.#seen += 1) this.#hear(bench);
    const counts = { qualified: 0, engaged: 0, terminal: 0, followUp: 0 };
    for (const state of this.#states.values()) {
      if (state === 'qualified' || state === 'followUp') counts[state] += 1;
      else counts[isTerminal(state) ? 'terminal' : 'engaged'] += 1;
    }
    const { qualified, engaged, terminal, followUp } = counts;
    const { engagement } = bench.contactCenter;
    this.#equal('created', this.#created, qualified + engaged + terminal + followUp);
    this.#equal('created as counted', this.#created, bench.totals.hotLeads + bench.totals.followUps);
    this.#equal('open in the machine', engagement.open, qualified + engaged);
    this.#equal('follow-ups in the machine', engagement.followUps.open, followUp);
    const standing = [...bench.totals.queues.values()].reduce((sum, { entered, left }) => sum + entered - left, 0);
    const chats = bench.contactCenter.chats.waitingChats;
    this.#equal('in all queues as counted', standing, qualified + engaged + followUp + engagement.standing + chats);
    if (engagement.standing > 0) this.#equal('ended and not stopped', engagement.standing, terminal - this.#stopped);
    const { callbacks, callbacksPromised } = bench.totals;
    const begun = bench.totals.chatsQueued + callbacks.asked;
    this.#equal('chats and callbacks', begun, bench.totals.accepted + bench.totals.reactive.letIn);
    if (callbacks.late > callbacksPromised || callbacksPromised > callbacks.asked) {
      this.problems.push(`${callbacks.late} late of ${callbacksPromised} promised of ${callbacks.asked} asked for`);
    }
    this.#checkPermits(bench);
    for (const row of bench.rows.values()) {
      if (row.kind !== 'interaction') continue;
      const state = this.#states.get(row.id);
      // Shown and form are in Engaged as invited is: facts tell queues.
      const same = state === 'invited' ? ['invited', 'shown', 'form'].includes(row.state) : row.state === state;
      if (!same) this.problems.push(`${row.id} is stored as ${row.state} and was told as ${state}`);
    }
  }

  /** Each channel's pacers hold what its interactions are charged with, so that no interaction has two permits. */
  #checkPermits({ contactCenter, pacer, voicePacer, rows }: Bench): void {
    const charged = new Set<string>();
    for (const { group, held } of [pacer, voicePacer]) {
      const pending = contactCenter.engagement.pendingOf(group).map(({ id }) => id);
      this.#equal(`permits of ${group}`, held.size, pending.length);
      for (const id of pending) {
        if (!held.has(id)) this.problems.push(`${id} is charged to ${group}, which has given it none`);
        if (charged.has(id)) this.problems.push(`${id} has two permits`);
        charged.add(id);
      }
    }
    for (const row of rows.values()) {
      if (row.kind !== 'interaction' || row.group === null || row.channel === null) continue;
      const isRight = (row.channel === 'proactiveCallback') === (row.group === VOICE_GROUP);
      if (!isRight) this.problems.push(`${row.id} is engaged by ${row.channel} on a permit of ${row.group}`);
    }
  }

  #hear(bench: Bench): void {
    const fact = bench.facts[this.#seen];
    if (fact?.kind === 'callback' && fact.state === 'late') {
      if (this.#late.has(fact.callbackId)) this.problems.push(`${fact.callbackId} is late twice`);
      this.#late.add(fact.callbackId);
    }
    if (fact?.kind === 'hotLead') this.#created += 1;
    if (fact?.kind === 'interactionStopped') this.#stopped += 1;
    if (fact?.kind !== 'interactionMoved') return;
    const { interactionId, visitID, before, after } = fact;
    const was = this.#states.get(interactionId);
    if (was === undefined ? before !== null : isTerminal(was)) {
      this.problems.push(`${interactionId} went to ${after} when it was ${was}`);
    }
    this.#states.set(interactionId, after);
    const other = this.#invited.get(visitID);
    if (after === 'invited') {
      if (other !== undefined) this.problems.push(`${visitID} is engaged by ${interactionId} and ${other}`);
      this.#invited.set(visitID, interactionId);
    } else if (other === interactionId) this.#invited.delete(visitID);
  }

  #equal(what: string, is: number, expected: number): void {
    if (is !== expected) this.problems.push(`${what}: ${is}, expected ${expected}`);
  }
}
