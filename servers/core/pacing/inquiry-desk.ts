/** Answers what is asked of pacing: how many reactive visitors to let in, how many agents are free, what may go out now. */
import { assertNever } from '#core/assert.ts';
import type { Effect } from '#core/effects.ts';
import type { PacingAsked, Relayed } from '#core/messages.ts';
import type { ReactiveDesk } from '#core/routing/reactive-desk.ts';
import { describeDecision } from './describe-decision.ts';
import type { Pacer } from './pacer.ts';
import type { PacingDesk } from './pacing-desk.ts';
import type { GroupCapacity, GroupPrediction, PacingInquiry, PacingReply } from './pacing-inquiry.ts';

export class InquiryDesk {
  readonly #pacing: PacingDesk;
  readonly #reactive: ReactiveDesk;
  readonly #capacityOf: (group: string) => GroupCapacity;

  constructor(pacing: PacingDesk, reactive: ReactiveDesk, capacityOf: (group: string) => GroupCapacity) {
    this.#pacing = pacing;
    this.#reactive = reactive;
    this.#capacityOf = capacityOf;
  }

  asked({ askId, inquiry, via }: Relayed<PacingAsked>, at: number, out: Effect[]): void {
    if (inquiry.asker !== null) this.#reactive.asked(inquiry.asker, inquiry.channel, at, out);
    const reply = this.#reply(inquiry);
    out.push({ type: 'toBackend', node: via, message: { type: 'pacingTold', askId, reply } });
  }

  #reply(inquiry: PacingInquiry): PacingReply {
    const { kind, groups } = inquiry;
    const channel = this.#pacing.pacersOf(inquiry.channel);
    if (channel.length === 0)
      return { kind: 'refused', why: 'off', text: `nothing is paced on the channel ${inquiry.channel}` };
    const unknown = (groups ?? []).filter((name) => !channel.some(({ group }) => group === name));
    if (unknown.length > 0) {
      const known = channel.map(({ group }) => group).join(', ');
      return {
        kind: 'refused',
        why: 'unknownGroups',
        text: `no group of ${inquiry.channel}: ${unknown.join(', ')}; there are ${known}`,
      };
    }
    const pacers = groups === null ? channel : channel.filter(({ group }) => groups.includes(group));
    switch (kind) {
      case 'reactiveState':
        return this.#reactiveState(pacers);
      case 'channelCapacity': {
        const capacities = pacers.map(({ group }) => this.#capacityOf(group));
        return { kind, capacity: capacities.reduce((sum, { free }) => sum + free, 0), groups: capacities };
      }
      case 'prediction': {
        const predictions = pacers.map((pacer) => this.#predict(pacer));
        const predicted = predictions.reduce((sum, one) => sum + one.predicted, 0);
        return { kind, inForce: this.#pacing.inForce, predicted, groups: predictions };
      }
      default:
        return assertNever(kind, 'kind of an inquiry');
    }
  }

  /** Of several groups: their mean, each by how many ask there, or by its slots while nobody has asked. */
  #reactiveState(pacers: readonly Pacer[]): PacingReply {
    const { algorithm, pacedBy } = this.#pacing.inForce;
    const asked = pacers.reduce((sum, pacer) => sum + pacer.reactiveAskedPerSecond, 0);
    let [weights, sum] = [0, 0];
    for (const pacer of pacers) {
      if (pacer.reactiveState === null) {
        const now = pacedBy === 'algorithm' ? `pacing.connector.algorithm is ${algorithm}` : `pacedBy is ${pacedBy}`;
        return { kind: 'refused', why: 'notDual', text: `a DUAL algorithm is needed: ${now}` };
      }
      const weight = asked > 0 ? pacer.reactiveAskedPerSecond : this.#capacityOf(pacer.group).slots;
      weights += weight;
      sum += weight * pacer.reactiveState;
    }
    const plain = pacers.reduce((total, pacer) => total + (pacer.reactiveState ?? 0), 0) / pacers.length;
    return { kind: 'reactiveState', reactiveState: weights > 0 ? sum / weights : plain };
  }

  #predict({ group, reactiveState }: Pacer): GroupPrediction {
    const decision = this.#pacing.lastRefresh(group);
    return {
      name: group,
      predicted: decision === null ? 0 : decision.allowed * decision.acceptShare,
      decision,
      sentence: decision === null ? null : describeDecision(decision),
      reactiveState,
    };
  }
}
