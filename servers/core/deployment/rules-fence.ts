/**
 * A Frontend's fence: whether it may stamp events, and under which version. Behind a raised fence nothing is stamped.
 *
 *   installed    the version whose rules are installed
 *   decided      the newest version that is known to be decided
 *   pending      the version that the fence was raised for; null: none
 *   isSure       nothing newer than `installed` is in force, unless it is `pending`
 *
 *   open  <=>  pending is null and isSure                       stamps under `installed`
 *
 *   starts                                     isSure := false, asks
 *   raiseFence n > decided, over base b        pending := n, isSure := installed is b; the fence is promised to be up
 *   rulesDecided n, committed, n prepared      installs n; a pending up to n is settled
 *   rulesDecided n, committed, not prepared    isSure := false, asks
 *   rulesDecided n, aborted                    a pending n is settled; asks unless isSure
 *   rulesTold                                  installs what is in force; a pending that is decided is settled
 *   closed for long                            asks, and has a pending decided that nobody has decided
 *
 * The promise: once fenceRaised n has been sent, nothing is stamped under a version below n until n is known to be aborted.
 */
import type { Effect } from '#core/effects.ts';
import type { RaiseFence, RulesDecided, RulesTold } from './deployment-messages.ts';
import { ASK_AGAIN_MS, FENCE_PATIENCE_MS, type RulesVersion } from './deployment.ts';

/** `joining`: it does not know yet what is in force. */
export type FenceState = 'joining' | 'open' | 'up';

/** Puts rules in force; false: they can't be compiled here, and what was installed stays. */
export type InstallRules = (rules: RulesVersion) => boolean;

export class RulesFence {
  readonly #frontend: string;
  readonly #install: InstallRules;
  #installed = 0;
  #decided = 0;
  #isSure = true;
  #pending: { readonly version: number; readonly inForce: number; readonly sinceMs: number } | null = null;
  #prepared: RulesVersion | null = null;
  /** False from `start` until the fence is first open. */
  #hasOpened = true;
  #isArmed = false;

  constructor(frontend: string, install: InstallRules) {
    this.#frontend = frontend;
    this.#install = install;
  }

  get version(): number {
    return this.#installed;
  }

  get state(): FenceState {
    if (this.#pending !== null) return 'up';
    return this.#isSure ? 'open' : 'joining';
  }

  get isReady(): boolean {
    return this.#isSure && (this.#pending === null || this.#hasOpened);
  }

  /** A new life knows nothing of what was deployed. */
  start(at: number, out: Effect[]): void {
    this.#isSure = false;
    this.#hasOpened = false;
    this.#ask(at, out);
  }

  /** A Backend can be asked again. */
  backendCame(at: number, out: Effect[]): void {
    if (this.state !== 'open') this.#ask(at, out);
  }

  /** Kept until it is decided. */
  prepare(rules: RulesVersion): void {
    if (rules.version > this.#decided) this.#prepared = rules;
  }

  raise({ via, version, inForce }: RaiseFence, at: number, out: Effect[]): void {
    if (version <= this.#decided || version < (this.#pending?.version ?? 0)) return;
    if (this.#pending?.version !== version) {
      this.#pending = { version, inForce, sinceMs: at };
      this.#isSure = this.#installed === inForce;
    }
    this.#arm(at + FENCE_PATIENCE_MS, out);
    out.push({
      type: 'toBackend',
      node: via,
      message: { type: 'fenceRaised', frontend: this.#frontend, version },
    });
  }

  decide({ via, version, outcome }: RulesDecided, at: number, out: Effect[]): void {
    if (version > this.#decided) {
      this.#decided = version;
      if (outcome === 'committed') this.#commit(version);
      this.#settlePending();
    }
    this.#hasOpened ||= this.state === 'open';
    if (this.state === 'open') this.#confirm(via, version, out);
    else this.#ask(at, out);
  }

  /** What the store says: older than what is known here already, it says nothing. */
  told({ inForce, decided, undecided }: RulesTold, at: number, out: Effect[]): void {
    if (decided < this.#decided) return;
    this.#decided = decided;
    const isInstalled = inForce.version === this.#installed || this.#take(inForce);
    this.#settlePending();
    if (undecided !== null && undecided > (this.#pending?.version ?? decided)) {
      this.#pending = { version: undecided, inForce: inForce.version, sinceMs: at };
    }
    this.#isSure = isInstalled && (this.#pending === null || this.#pending.inForce === this.#installed);
    this.#hasOpened ||= this.state === 'open';
    if (this.state !== 'open') this.#arm(at + ASK_AGAIN_MS, out);
  }

  /** `faithful`: in force at once; false where it can't be compiled here. */
  push(rules: RulesVersion, via: string, out: Effect[]): boolean {
    if (rules.version > this.#decided) {
      if (!this.#take(rules)) return false;
      this.#decided = rules.version;
      this.#settlePending();
    }
    this.#hasOpened = true;
    this.#confirm(via, rules.version, out);
    return true;
  }

  overdue(at: number, out: Effect[]): void {
    this.#isArmed = false;
    if (this.state !== 'open') this.#ask(at, out);
  }

  /** Where the version was not prepared here, what is installed is behind. */
  #commit(version: number): void {
    const prepared = this.#prepared;
    this.#isSure = prepared?.version === version && this.#take(prepared);
  }

  #take(rules: RulesVersion): boolean {
    if (!this.#install(rules)) return false;
    this.#installed = rules.version;
    this.#isSure =
      this.#pending === null || this.#pending.version <= rules.version || this.#pending.inForce === rules.version;
    return true;
  }

  #settlePending(): void {
    if (this.#pending !== null && this.#pending.version <= this.#decided) this.#pending = null;
    if (this.#prepared !== null && this.#prepared.version <= this.#decided) this.#prepared = null;
  }

  #confirm(via: string, version: number, out: Effect[]): void {
    out.push({
      type: 'toBackend',
      node: via,
      message: { type: 'rulesTaken', frontend: this.#frontend, version, inForce: this.#installed },
    });
  }

  #ask(at: number, out: Effect[]): void {
    const pending = this.#pending;
    const isOverdue = pending !== null && at - pending.sinceMs >= FENCE_PATIENCE_MS;
    const settle = isOverdue ? pending.version : null;
    out.push({ type: 'toBackend', node: null, message: { type: 'rulesAsked', frontend: this.#frontend, settle } });
    this.#arm(at + ASK_AGAIN_MS, out);
  }

  /** One wake-up at a time. */
  #arm(at: number, out: Effect[]): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    out.push({ type: 'wake', at, timer: { kind: 'fenceOverdue' } });
  }
}
