/** What-if commands: another goal, target or algorithm while pacing runs, with all that it has learned and promised; told twice; over a restart. */
import { describe, expect, test } from 'vitest';
import type { PacingCommand, PacingChange } from '#core/pacing/pacing-command.ts';
import { changePacing, describePacingChange } from '#core/pacing/pacing-command.ts';
import { createPacer } from '#core/pacing/create-pacer.ts';
import type { PacedGroup } from '#core/pacing/channel-pacers.ts';
import type { Pacer, PacingSettings } from '#core/pacing/pacer.ts';
import { PacingDesk } from '#core/pacing/pacing-desk.ts';
import type { PacerRoom } from '#core/pacing/pacer-snapshot.ts';
import { ChangedRows } from '#core/engagement/changed-rows.ts';
import type { Effect, OperationsRow } from '#core/effects.ts';
import { Bench } from '#tests/core/engagement/contact-center-bench.ts';

const GROUP = 'chat';
const START = {
  algorithm: 'SUPER_PROGRESSIVE',
  target: 'ABANDONMENT_RATE',
  goalShare: 0.03,
  proactiveShare: 0,
  pacedBy: 'algorithm',
} as const;

function commandOf(change: PacingChange, commandId = 'screen-1'): PacingCommand {
  return { type: 'pacingCommand', commandId, by: 'screen', change };
}

/** Ten slots that have served for an hour: an invite every ten seconds, every third accepted, one chat abandoned; six are busy in the end. */
class Shift {
  readonly made: PacingSettings[] = [];
  readonly desk: PacingDesk;
  now = 0;
  pending: { id: string; sentAt: number }[] = [];
  busy: string[] = [];

  constructor(groups: readonly PacedGroup[] = [{ name: GROUP, channel: 'chat', chatsPerAgent: 1 }]) {
    this.desk = new PacingDesk({
      groups,
      start: START,
      refreshPeriodMs: 1_000,
      inviteTimeoutMs: 30_000,
      createPacer: (group, settings) => {
        this.made.push(settings);
        return createPacer(group, settings);
      },
    });
  }

  get pacer(): Pacer {
    const pacer = this.desk.of(GROUP);
    if (pacer === undefined) throw new Error('no pacer');
    return pacer;
  }

  work(): this {
    this.pacer.setSlots(10, 0);
    for (let second = 1; second <= 3_600; second += 1) {
      this.now = second * 1_000;
      if (second % 10 === 0) this.#invite(second);
      if (second % 10 === 7) this.#answer(second);
      if (second % 30 === 29 && this.busy.length > 6) this.#release();
      this.desk.refresh(this.now);
    }
    return this;
  }

  readonly roomOf = (): PacerRoom => ({ slots: 10, busy: this.busy.length, queued: [], pending: this.pending });

  #invite(second: number): void {
    const id = `i${second}`;
    const given = this.desk.requestPermit('chat', id, () => 10, this.now);
    if (given?.permit.granted === true) this.pending.push({ id, sentAt: this.now });
  }

  #answer(second: number): void {
    const invite = this.pending.shift();
    if (invite === undefined) return;
    const accepted = second % 30 === 7;
    this.desk.inviteEnded(GROUP, invite.id, accepted ? 'accepted' : 'other', this.now);
    if (!accepted) return;
    this.pacer.chatQueued(invite.id, this.now);
    if (second === 2_407) return this.desk.chatAbandoned(GROUP, invite.id, this.now);
    this.pacer.chatStarted(invite.id, this.now);
    this.busy.push(invite.id);
  }

  #release(): void {
    const chat = this.busy.shift();
    if (chat !== undefined) this.desk.slotReleased(GROUP, chat, this.now);
  }
}

describe('a command', () => {
  test.each([
    [{ goalShare: 0.05 }, { goalShare: 0.05 }],
    [
      { target: 'BUSY_FACTOR', goalShare: 0.8 },
      { target: 'BUSY_FACTOR', goalShare: 0.8 },
    ],
    [{ algorithm: 'PREDICTIVE_B' }, { algorithm: 'PREDICTIVE_B' }],
    [
      { algorithm: 'SUPER_PROGRESSIVE_DUAL', proactiveShare: 0.5 },
      { algorithm: 'SUPER_PROGRESSIVE_DUAL', proactiveShare: 0.5 },
    ],
    [{ pacedBy: 'progressive' }, { pacedBy: 'progressive' }],
  ] as const)('%j puts that in force and leaves the rest', (change, expected) => {
    const shift = new Shift().work();
    const changed = shift.desk.command(commandOf(change), shift.roomOf, shift.now);
    expect(changed).toEqual({ before: START, after: { ...START, ...expected } });
    expect(shift.made.at(-1)).toMatchObject({ ...START, ...expected, chatsPerAgent: 1 });
    expect(shift.desk.refresh(shift.now + 1_000)).toMatchObject([{ slots: 10, busy: shift.busy.length }]);
  });

  test('keeps what was learned, who is there, which invites are out, and the credit', () => {
    const shift = new Shift().work();
    shift.desk.requestPermit('chat', 'last', () => 10, shift.now);
    shift.pending.push({ id: 'last', sentAt: shift.now });
    const [before] = shift.desk.refresh(shift.now);
    shift.desk.command(commandOf({ algorithm: 'PREDICTIVE_B' }), shift.roomOf, shift.now);
    const [after] = shift.desk.refresh(shift.now);
    expect(before?.pending).toBe(shift.pending.length);
    for (const what of ['busy', 'queued', 'pending', 'acceptShare', 'acceptDelaySeconds', 'ledger'] as const) {
      expect(after?.[what], what).toBeCloseTo(before?.[what] ?? Number.NaN, 3);
    }
    expect(after?.horizonSeconds.length).toBe(6);
    expect(before?.horizonSeconds.length).toBe(4);
  });

  test('with a higher goal, the same state allows more; with a lower one, fewer', () => {
    const allowed = (goalShare: number): number => {
      const shift = new Shift().work();
      shift.desk.command(commandOf({ goalShare }), shift.roomOf, shift.now);
      return shift.desk.refresh(shift.now + 1_000)[0]?.allowed ?? 0;
    };
    expect(allowed(0.3)).toBeGreaterThan(allowed(0.03));
    expect(allowed(0.03)).toBeGreaterThan(allowed(0.01));
  });

  test('that is heard twice changes nothing the second time, nor one that comes late', () => {
    const shift = new Shift().work();
    shift.desk.command(commandOf({ goalShare: 0.05 }, 'one'), shift.roomOf, shift.now);
    shift.desk.command(commandOf({ goalShare: 0.07 }, 'two'), shift.roomOf, shift.now);
    const made = shift.made.length;
    expect(shift.desk.command(commandOf({ goalShare: 0.05 }, 'one'), shift.roomOf, shift.now)).toBeNull();
    expect(shift.made.length).toBe(made);
    expect(shift.desk.inForce.goalShare).toBe(0.07);
  });

  test('where pacing is off changes nothing', () => {
    const shift = new Shift([]);
    expect(shift.desk.command(commandOf({ goalShare: 0.05 }), shift.roomOf, 0)).toBeNull();
    expect(shift.desk.inForce).toEqual(START);
  });

  test('leaves a row, from which a new desk goes on in the order of the commands', () => {
    const shift = new Shift().work();
    const kept: OperationsRow[] = [];
    for (const [index, goalShare] of [0.05, 0.07, 0.04].entries()) {
      shift.desk.command(commandOf({ goalShare }, `screen-${index}`), shift.roomOf, shift.now);
      const rows = new ChangedRows();
      const out: Effect[] = [];
      shift.desk.putRows(rows, shift.now);
      rows.commit(out, 0);
      for (const effect of out) {
        if (effect.type === 'commit' && effect.group.store === 'operations') kept.push(...effect.group.rows);
      }
    }
    const commands = kept.filter((row) => row.kind === 'pacingCommand').toReversed();
    expect(commands.map(({ serial }) => serial)).toEqual([3, 2, 1]);
    const next = new Shift();
    next.desk.restore(commands, new Map(), shift.roomOf, shift.now);
    expect(next.desk.inForce).toEqual({ ...START, goalShare: 0.04 });
    expect(next.made.at(-1)?.goalShare).toBe(0.04);
    expect(next.desk.command(commandOf({ goalShare: 0.05 }, 'screen-0'), shift.roomOf, shift.now)).toBeNull();
  });
});

test('a contact center that is killed after a command comes back with what was in force, and notes it once', () => {
  const bench = new Bench();
  bench.give({ type: 'start' }, 0);
  bench.login('a1', 2, 10);
  bench.give(commandOf({ goalShare: 0.08 }), 1_000);
  bench.killAndRecover(2_000);
  bench.give(commandOf({ goalShare: 0.08 }), 3_000);
  bench.give(commandOf({ goalShare: 0.09 }, 'screen-2'), 4_000);
  const told = bench.facts.filter((fact) => fact.kind === 'pacingCommand');
  expect(told.map(({ after }) => after.goalShare)).toEqual([0.08, 0.09]);
  expect(told[1]?.before.goalShare).toBe(0.08);
});

test('a change is told in words, and none as none', () => {
  const after = changePacing(START, { target: 'BUSY_FACTOR', goalShare: 0.75, algorithm: 'PREDICTIVE_B' });
  expect(describePacingChange(START, after)).toBe(
    'goal agents busy at least 75 % instead of at most 3 % abandoned, algorithm PREDICTIVE_B instead of SUPER_PROGRESSIVE',
  );
  expect(describePacingChange(START, changePacing(START, {}))).toBe('nothing changes');
  const ruled = changePacing(START, { pacedBy: 'ratio', proactiveShare: 0.07 });
  expect(describePacingChange(START, ruled)).toBe(
    'proactiveRatio 7 % instead of 0 %, paced by the plain rule ratio instead of the algorithm',
  );
});
