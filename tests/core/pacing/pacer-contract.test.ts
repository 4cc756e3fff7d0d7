/** What the contact center may rely on: permits by the same rule as refreshes, facts that count at once, decisions that explain themselves. */
import { describe, expect, test } from 'vitest';
import { createPacer } from '#core/pacing/create-pacer.ts';
import { describeDecision } from '#core/pacing/describe-decision.ts';
import type { PacingDecision, PacingSettings } from '#core/pacing/pacer.ts';
import { drawWebVisitor } from '#tests/oracles/pacing-scenarios.ts';
import { simulatePacing, type InviteRule } from '#tests/oracles/pacing-simulator.ts';
import { abandonmentGoal, busyGoal } from '#tests/core/pacing/fixture-pacing.ts';

/** A pacer that has lived through a morning of ten slots, and the time it is then. */
function seasoned(settings: PacingSettings = abandonmentGoal) {
  const pacer = createPacer('chat', settings);
  simulatePacing({ slots: 10, draw: drawWebVisitor, leadsPerHour: () => 700, hours: 2, seed: 11 }, pacer);
  return { pacer, now: 2 * 3_600_000 };
}

describe('permits', () => {
  test('as many are granted one after the other as a refresh at that moment allows', () => {
    const goals = [abandonmentGoal, busyGoal(0.85)];
    const algorithms = ['SUPER_PROGRESSIVE', 'SUPER_PROGRESSIVE_DUAL', 'PREDICTIVE_B', 'PREDICTIVE_B_DUAL'] as const;
    for (const settings of goals.flatMap((goal) => algorithms.map((algorithm) => ({ ...goal, algorithm })))) {
      const { pacer, now } = seasoned(settings);
      pacer.setSlots(16, now);
      const { allowed } = pacer.refresh(now);
      expect(allowed).toBeGreaterThan(3);
      let granted = 0;
      while (pacer.requestPermit(`late${granted}`, now).granted) granted += 1;
      expect(granted).toBe(allowed);
    }
  });

  test('a granted permit is a pending invite until it ends; a refused one is not', () => {
    const { pacer, now } = seasoned();
    pacer.setSlots(12, now);
    const before = pacer.refresh(now).pending;
    expect(pacer.requestPermit('a', now).granted).toBe(true);
    expect(pacer.refresh(now).pending).toBe(before + 1);
    pacer.inviteEnded('a', 'other', now + 3_000);
    expect(pacer.refresh(now + 3_000).pending).toBe(before);
    pacer.setSlots(0, now + 3_000);
    expect(pacer.requestPermit('b', now + 3_000).granted).toBe(false);
    expect(pacer.refresh(now + 3_000).pending).toBe(before);
    expect(() => pacer.inviteEnded('b', 'other', now + 4_000)).toThrow('pending invite b');
  });

  test('a permit that is given back is pending no more, and nothing is learned of it', () => {
    const { pacer, now } = seasoned();
    pacer.setSlots(16, now);
    const before = pacer.refresh(now);
    expect(pacer.requestPermit('a', now).granted).toBe(true);
    pacer.inviteEnded('a', 'returned', now);
    const after = pacer.refresh(now);
    expect(after.pending).toBe(before.pending);
    expect(after.ledger).toBe(before.ledger);
    expect(after.acceptShare).toBeCloseTo(before.acceptShare, 9);
    // Held for a while first, it comes to the same.
    expect(pacer.requestPermit('b', now).granted).toBe(true);
    pacer.refresh(now + 1_000);
    const held = pacer.refresh(now + 2_000).acceptShare;
    pacer.inviteEnded('b', 'returned', now + 2_000);
    const { pacer: other } = seasoned();
    other.setSlots(16, now);
    other.refresh(now);
    other.requestPermit('b', now);
    other.refresh(now + 1_000);
    other.refresh(now + 2_000);
    other.inviteEnded('b', 'other', now + 2_000);
    expect(other.refresh(now + 3_000).acceptShare).toBeLessThan(held);
    expect(pacer.refresh(now + 3_000).acceptShare).toBeCloseTo(before.acceptShare, 3);
  });

  test('without slots nothing is allowed, and the reason is the group', () => {
    const pacer = createPacer('chat', abandonmentGoal);
    expect(pacer.requestPermit('a', 0)).toMatchObject({ granted: false, decision: { binding: 'group', allowed: 0 } });
    expect(pacer.refresh(1_000)).toMatchObject({ allowed: 0, binding: 'group' });
  });

  test('slots that come or go count at once', () => {
    const { pacer, now } = seasoned();
    pacer.setSlots(30, now);
    const many = pacer.refresh(now).allowed;
    pacer.setSlots(10, now);
    const few = pacer.refresh(now).allowed;
    pacer.setSlots(2, now);
    expect(many).toBeGreaterThan(few);
    expect(pacer.requestPermit('a', now)).toMatchObject({ granted: false, decision: { slots: 2, binding: 'risk' } });
  });

  test('while every invite out and one more would find a free slot, a new pacer grants without risk', () => {
    const pacer = createPacer('chat', abandonmentGoal);
    pacer.setSlots(4, 0);
    for (let i = 0; i < 4; i += 1)
      expect(pacer.requestPermit(`i${i}`, 10)).toMatchObject({
        granted: true,
        decision: { riskAllowed: 0, ledger: 0 },
      });
    // The fifth could meet four acceptances: with no credit yet that is too much.
    const fifth = pacer.requestPermit('i4', 10);
    expect(fifth).toMatchObject({ granted: false, decision: { binding: 'risk', allowed: 0, riskAllowed: null } });
    expect(fifth.decision.risk).toBeGreaterThan(fifth.decision.limit);
  });

  test('safeguards hold even where the limits would allow more: 2 S / p invites out', () => {
    const pacer = createPacer('chat', busyGoal(0.99));
    pacer.setSlots(3, 0);
    const { allowed, binding } = pacer.refresh(0);
    expect(binding).not.toBe('none');
    expect(allowed).toBeLessThanOrEqual(12);
  });
});

describe('time and facts', () => {
  test('may begin at any moment and never goes back', () => {
    const pacer = createPacer('chat', abandonmentGoal);
    pacer.setSlots(5, 1_772_438_400_000);
    expect(pacer.refresh(1_772_438_401_000).allowed).toBeGreaterThanOrEqual(5);
    expect(() => pacer.refresh(1_772_438_400_500)).toThrow('went back');
  });

  test('impossible facts are assertions', () => {
    const pacer = createPacer('chat', abandonmentGoal);
    pacer.setSlots(5, 0);
    expect(() => pacer.slotReleased('c1', 0)).toThrow('none is busy');
    pacer.chatQueued('c1', 0);
    expect(() => pacer.chatQueued('c1', 0)).toThrow('twice');
    pacer.requestPermit('i1', 0);
    expect(() => pacer.requestPermit('i1', 0)).toThrow('twice');
    expect(() => pacer.setSlots(1.5, 0)).toThrow('slots');
  });

  test('the same facts give the same decisions, figure by figure', () => {
    const record = (): readonly PacingDecision[] => {
      const pacer = createPacer('chat', abandonmentGoal);
      const decisions: PacingDecision[] = [];
      const rule: InviteRule = {
        setSlots: (slots, at) => pacer.setSlots(slots, at),
        requestPermit: (id, at) => {
          const permit = pacer.requestPermit(id, at);
          decisions.push(permit.decision);
          return permit;
        },
        inviteEnded: (id, outcome, at) => pacer.inviteEnded(id, outcome, at),
        chatQueued: (id, at) => pacer.chatQueued(id, at),
        chatStarted: (id, at) => pacer.chatStarted(id, at),
        chatAbandoned: (id, at) => pacer.chatAbandoned(id, at),
        slotReleased: (id, at) => pacer.slotReleased(id, at),
        refresh: (at) => {
          const decision = pacer.refresh(at);
          decisions.push(decision);
          return decision;
        },
      };
      simulatePacing({ slots: 6, draw: drawWebVisitor, leadsPerHour: () => 500, hours: 0.5, seed: 3 }, rule);
      return decisions;
    };
    expect(record()).toEqual(record());
  });
});

describe('explanations', () => {
  const decision: PacingDecision = {
    at: 60_000,
    group: 'chat',
    occasion: 'refresh',
    allowed: 2,
    slots: 5,
    busy: 3,
    queued: 0,
    pending: 3,
    slotIsAgent: true,
    acceptShare: 0.2,
    acceptDelaySeconds: 10,
    releasesSoon: 3 * (1 - Math.exp(-10 / 240)),
    horizonSeconds: [1.3353, 4.7, 9.8083, 20.7944],
    backlogMean: [],
    backlogDeviation: [],
    risk: 0.039191,
    riskAllowed: 0.025163,
    limit: 0.0285,
    idle: null,
    idleLimit: null,
    ledger: 4.2,
    gain: 0.5,
    binding: 'risk',
  };

  test.each([
    [
      'two invites',
      {},
      '2 invites: the next would cost 0.039 expected abandonments, the limit is 0.029; 2 agents free, 0.1 more within 10 s, 3 invites out at 20 %',
    ],
    [
      'a refused permit with chats waiting',
      { occasion: 'permit', allowed: 0, busy: 6, queued: 1, pending: 1, slotIsAgent: false, releasesSoon: 1 },
      'refused: it would cost 0.039 expected abandonments, the limit is 0.029; no slot free, 1 more within 10 s, 1 chat waiting, 1 invite out at 20 %',
    ],
    [
      'a granted one',
      { occasion: 'permit', allowed: 1, risk: 0, pending: 0, binding: 'none' },
      'granted: it would cost 0 expected abandonments, the limit is 0.029; 2 agents free, 0.1 more within 10 s, no invite out',
    ],
    [
      'a voice group',
      { channel: 'webcallback' as const, queued: 2, busy: 5 },
      '2 invites: the next would cost 0.039 expected late callbacks, the limit is 0.029; no agent free, 0.1 more within 10 s, 2 callbacks waiting, 3 invites out at 20 %',
    ],
    [
      'costs next to nothing',
      { allowed: 7, risk: 0.000_417, limit: 0.000_08 },
      '7 invites: the next would cost 0.00042 expected abandonments, the limit is 0.00008; 2 agents free, 0.1 more within 10 s, 3 invites out at 20 %',
    ],
    [
      'idle slots',
      { allowed: 1, busy: 4, slotIsAgent: false, idle: 1.449, idleLimit: 1.45, binding: 'idle' },
      '1 invite: 1.4 slots would be idle, the next needs more than 1.4; 1 slot free, 0.1 more within 10 s, 3 invites out at 20 %',
    ],
    [
      'scarce leads',
      { allowed: 7, binding: 'supply' },
      '7 invites: more than there are leads for; the next would cost 0.039 expected abandonments, the limit is 0.029; 2 agents free, 0.1 more within 10 s, 3 invites out at 20 %',
    ],
    [
      'the safeguard',
      { allowed: 0, binding: 'kmax' },
      'no invite: as many are out as may be; 2 agents free, 0.1 more within 10 s, 3 invites out at 20 %',
    ],
    [
      'an empty group',
      { allowed: 0, slots: 0, busy: 0, binding: 'group' },
      'no invite: no agent of the group is logged in',
    ],
  ] as const)('a sentence for %s', (_what, change, sentence) => {
    expect(describeDecision({ ...decision, ...change })).toBe(sentence);
  });

  test('each decision carries what it was made from', () => {
    const { pacer, now } = seasoned();
    const made = pacer.refresh(now);
    expect(made.horizonSeconds).toHaveLength(4);
    expect(made.backlogMean).toHaveLength(4);
    expect(made.backlogDeviation.every((deviation) => deviation > 0)).toBe(true);
    expect(made.riskAllowed ?? -1).toBeLessThan(made.risk);
    expect(made.risk).toBeGreaterThan(made.limit);
    expect(made.acceptShare).toBeGreaterThan(0.15);
    expect(made.acceptShare).toBeLessThan(0.26);
    expect(made.ledger).not.toBeNull();
  });
});
