/**
 * A small simulator of one group, its invites and its chats, naive on purpose and sharing nothing with servers/sim: it tries
 * the pacer on the scenarios of docs/pacing.md, beside rules that the pacer must beat. Every invite number draws the same
 * visitor (outcome, delay, service, patience) under every rule: common random numbers.
 */

/** xoshiro128** seeded by splitmix32: 128 bits of state, 32-bit outputs. */
export class SmallRandom {
  readonly #s = new Uint32Array(4);
  constructor(seed: number) {
    let z = seed >>> 0;
    for (let i = 0; i < 4; i += 1) {
      z = (z + 0x9e3779b9) >>> 0;
      let t = z ^ (z >>> 16);
      t = Math.imul(t, 0x21f0aaad);
      t ^= t >>> 15;
      t = Math.imul(t, 0x735a2d97);
      this.#s[i] = t ^ (t >>> 15);
    }
  }
  /** Uniform in (0, 1). */
  next(): number {
    const s = this.#s;
    const [a = 0, b = 0, c = 0, d = 0] = s;
    const five = Math.imul(b, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9) >>> 0;
    const t = b << 9;
    const c2 = c ^ a;
    const d2 = d ^ b;
    s[1] = b ^ c2;
    s[0] = a ^ d2;
    s[2] = c2 ^ t;
    s[3] = (d2 << 11) | (d2 >>> 21);
    return (result + 0.5) / 4294967296;
  }
  exponential(mean: number): number {
    return -mean * Math.log(this.next());
  }
  normal(): number {
    return Math.sqrt(-2 * Math.log(this.next())) * Math.cos(2 * Math.PI * this.next());
  }
  lognormal(mean: number, cv: number): number {
    const variance = Math.log(1 + cv * cv);
    return mean * Math.exp(Math.sqrt(variance) * this.normal() - variance / 2);
  }
}

export interface Visitor {
  /** Seconds until the invite ends, and how. */
  readonly endsAfter: number;
  readonly accepts: boolean;
  readonly service: number;
  readonly patience: number;
}

export interface PacingScenario {
  readonly slots: number;
  readonly draw: (random: SmallRandom) => Visitor;
  /** 0: who finds no free slot is lost at once. */
  readonly lossModel?: boolean;
  /** Leads per hour at a time in seconds; null: unlimited, every permitted invite goes out at the refresh. */
  readonly leadsPerHour: ((seconds: number) => number) | null;
  readonly leadsPerHourMax?: number;
  readonly refreshMs?: number;
  readonly hours: number;
  readonly warmupHours?: number;
  readonly seed: number;
}

/** What a rule under test is told and asked: the pacer's contract, cut to what all rules need. */
export interface InviteRule {
  setSlots(slots: number, at: number): void;
  requestPermit(inviteId: string, at: number): { readonly granted: boolean };
  inviteEnded(inviteId: string, outcome: 'accepted' | 'other', at: number): void;
  chatQueued(chatId: string, at: number): void;
  chatStarted(chatId: string, at: number): void;
  chatAbandoned(chatId: string, at: number): void;
  slotReleased(chatId: string, at: number): void;
  refresh(at: number): { readonly allowed: number };
}

export interface PacingFigures {
  readonly accepted: number;
  readonly abandoned: number;
  readonly abandonmentShare: number;
  readonly busyShare: number;
  readonly leads: number;
  readonly refusedShare: number;
  readonly invites: number;
  readonly waitMeanSeconds: number;
  readonly queueMean: number;
  readonly pendingMean: number;
  /** Windows asked for: accepted and abandoned by the time of each mark, hours. */
  readonly marks: readonly { readonly accepted: number; readonly abandoned: number; readonly busySeconds: number }[];
}

type Kind = 'refresh' | 'lead' | 'end' | 'done' | 'gone';
interface Happening { at: number; serial: number; kind: Kind; id: number }

class Calendar {
  readonly #heap: Happening[] = [];
  #serial = 0;
  get size(): number { return this.#heap.length; }
  add(at: number, kind: Kind, id: number): void {
    const heap = this.#heap;
    const item = { at, serial: this.#serial++, kind, id };
    let i = heap.length;
    heap.push(item);
    while (i > 0) {
      const up = (i - 1) >> 1;
      const parent = heap[up];
      if (!parent || !before(item, parent)) break;
      heap[i] = parent;
      i = up;
    }
    heap[i] = item;
  }
  take(): Happening | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (!top || !last || heap.length === 0) return top;
    let i = 0;
    for (;;) {
      let down = 2 * i + 1;
      const left = heap[down];
      if (!left) break;
      const right = heap[down + 1];
      let least = left;
      if (right && before(right, left)) { down += 1; least = right; }
      if (!before(least, last)) break;
      heap[i] = least;
      i = down;
    }
    heap[i] = last;
    return top;
  }
}
const before = (a: Happening, b: Happening): boolean => a.at < b.at || (a.at === b.at && a.serial < b.serial);

export function simulatePacing(scenario: PacingScenario, rule: InviteRule, marksHours: readonly number[] = []): PacingFigures {
  const { slots, draw, leadsPerHour, seed } = scenario;
  const refreshMs = scenario.refreshMs ?? 1000;
  const warm = (scenario.warmupHours ?? 0) * 3600_000;
  const end = warm + scenario.hours * 3600_000;
  const visitors = new SmallRandom(seed);
  const arrivals = new SmallRandom(seed ^ 0x5bd1e995);
  const calendar = new Calendar();
  const pendingVisitors = new Map<number, Visitor>();
  const queue: number[] = [];
  let busy = 0, now = 0, invites = 0, leads = 0, refused = 0, accepted = 0, abandoned = 0, waitMs = 0;
  let busyMs = 0, queueMs = 0, pendingMs = 0, pending = 0;
  const marks: { accepted: number; abandoned: number; busySeconds: number }[] = [];
  const leadMax = scenario.leadsPerHourMax ?? leadsPerHour?.(0) ?? 0;
  const queuedAt = new Map<number, number>();
  const invite = (at: number): boolean => {
    const id = invites;
    if (!rule.requestPermit(`i${id}`, at).granted) return false;
    invites += 1;
    const visitor = draw(visitors);
    pendingVisitors.set(id, visitor);
    pending += 1;
    calendar.add(at + Math.max(1, Math.round(visitor.endsAfter * 1000)), 'end', id);
    return true;
  };
  const start = (id: number, at: number): void => {
    busy += 1;
    rule.chatStarted(`c${id}`, at);
    const visitor = pendingVisitors.get(id);
    calendar.add(at + Math.max(1, Math.round((visitor?.service ?? 0) * 1000)), 'done', id);
  };
  rule.setSlots(slots, 0);
  calendar.add(0, 'refresh', 0);
  if (leadsPerHour) calendar.add(Math.round(arrivals.exponential(3600_000 / leadMax)), 'lead', 0);
  let zero = { accepted: 0, abandoned: 0, leads: 0, refused: 0, invites: 0, waitMs: 0 };
  let warmed = warm === 0;
  for (;;) {
    const item = calendar.take();
    if (!item) break;
    const to = Math.min(item.at, end);
    while (marks.length < marksHours.length && item.at > (marksHours[marks.length] ?? 0) * 3600_000) {
      const m = (marksHours[marks.length] ?? 0) * 3600_000;
      marks.push({ accepted, abandoned, busySeconds: (busyMs + busy * (m - now)) / 1000 });
    }
    if (!warmed && item.at >= warm) {
      warmed = true;
      zero = { accepted, abandoned, leads, refused, invites, waitMs };
      busyMs = -busy * (warm - now); queueMs = -queue.length * (warm - now); pendingMs = -pending * (warm - now);
    }
    busyMs += busy * (to - now); queueMs += queue.length * (to - now); pendingMs += pending * (to - now);
    if (item.at >= end) break;
    now = item.at;
    const { id } = item;
    switch (item.kind) {
      case 'refresh': {
        const { allowed } = rule.refresh(now);
        if (!leadsPerHour) for (let i = 0; i < allowed; i += 1) invite(now);
        calendar.add(now + refreshMs, 'refresh', 0);
        break;
      }
      case 'lead':
        if (leadsPerHour && arrivals.next() * leadMax < leadsPerHour(now / 1000)) {
          leads += 1;
          if (!invite(now)) refused += 1;
        }
        calendar.add(now + Math.max(1, Math.round(arrivals.exponential(3600_000 / leadMax))), 'lead', 0);
        break;
      case 'end': {
        const visitor = pendingVisitors.get(id);
        if (!visitor) break;
        pending -= 1;
        rule.inviteEnded(`i${id}`, visitor.accepts ? 'accepted' : 'other', now);
        if (!visitor.accepts) { pendingVisitors.delete(id); break; }
        accepted += 1;
        if (busy < slots) start(id, now);
        else if (scenario.lossModel) { abandoned += 1; rule.chatAbandoned(`c${id}`, now); pendingVisitors.delete(id); }
        else {
          queue.push(id); queuedAt.set(id, now); rule.chatQueued(`c${id}`, now);
          calendar.add(now + Math.max(1, Math.round(visitor.patience * 1000)), 'gone', id);
        }
        break;
      }
      case 'gone': {
        const place = queue.indexOf(id);
        if (place < 0) break;
        queue.splice(place, 1);
        waitMs += now - (queuedAt.get(id) ?? 0); queuedAt.delete(id); pendingVisitors.delete(id);
        abandoned += 1;
        rule.chatAbandoned(`c${id}`, now);
        break;
      }
      case 'done': {
        busy -= 1; pendingVisitors.delete(id);
        rule.slotReleased(`c${id}`, now);
        const next = queue.shift();
        if (next !== undefined) { waitMs += now - (queuedAt.get(next) ?? 0); queuedAt.delete(next); start(next, now); }
        break;
      }
    }
  }
  const span = end - warm;
  const a = accepted - zero.accepted;
  return {
    accepted: a, abandoned: abandoned - zero.abandoned,
    abandonmentShare: a > 0 ? (abandoned - zero.abandoned) / a : 0,
    busyShare: busyMs / span / slots, leads: leads - zero.leads,
    refusedShare: leads > zero.leads ? (refused - zero.refused) / (leads - zero.leads) : 0,
    invites: invites - zero.invites,
    waitMeanSeconds: a > 0 ? (waitMs - zero.waitMs) / a / 1000 : 0, queueMean: queueMs / span, pendingMean: pendingMs / span, marks,
  };
}
