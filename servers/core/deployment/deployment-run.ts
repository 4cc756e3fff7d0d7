/**
 * One deployment, as the Backend in charge carries it out. It lives from the row that begins it to the answer of its author.
 *
 *   improved:
 *   preparing --all prepared--> fencing --all fences up--> deciding `committed`
 *   preparing, fencing --faults, a Frontend lost, too long--> deciding `aborted`
 *   deciding --claim won or lost, outcome stored--> opening --all have taken it, or too long--> over
 *
 *   faithful:
 *   pushing to the first --taken--> pushing to the next ... --taken by the last--> deciding `committed`
 *   pushing --faults, a Frontend lost, too long--> deciding `unsuccessful`
 *   deciding --claim won or lost, outcome stored--> over
 *
 * The claim decides once for all Backends: whoever loses it takes the other outcome. Nobody is told of an outcome that is not
 * stored, and no fence is asked for before the deployment's row is.
 */
import type { DeploymentTimer, Effect } from '#core/effects.ts';
import type { RulesPrepared, RulesTaken } from './deployment-messages.ts';
import {
  decisionKeyOf,
  failureOf,
  STAGE_MS_MAX,
  type DeploymentOutcome,
  type DeploymentOutcomeRow,
  type DeploymentReport,
  type DeploymentRow,
} from './deployment.ts';
import { versionOf } from './known-deployments.ts';

export type DeploymentStage = DeploymentTimer['stage'] | 'deciding' | 'over';

/** What one Frontend has confirmed. */
interface Member {
  readonly name: string;
  isUp: boolean;
  isPrepared: boolean;
  isFenced: boolean;
  /** What it stamps under since it took the version; null: it has not said so. */
  inForce: number | null;
}

export class DeploymentRun {
  readonly version: number;
  readonly orderId: number;
  readonly #backend: string;
  readonly #row: DeploymentRow;
  /** What is in force unless this is committed. */
  readonly #inForce: number;
  readonly #members: readonly Member[];
  readonly #reasons: string[] = [];
  readonly #faults: string[] = [];
  #stage: DeploymentStage;
  #aim: DeploymentOutcome = 'committed';
  #outcome: DeploymentOutcome = 'committed';

  constructor(
    backend: string,
    row: DeploymentRow,
    inForce: number,
    order: { readonly orderId: number; readonly frontends: readonly string[] },
  ) {
    this.#backend = backend;
    this.#row = row;
    this.#inForce = inForce;
    this.version = Number(row.id);
    this.orderId = order.orderId;
    this.#stage = row.fidelity === 'improved' ? 'preparing' : 'pushing';
    this.#members = order.frontends.map((name) => ({
      name,
      isUp: true,
      isPrepared: false,
      isFenced: false,
      inForce: null,
    }));
  }

  get isOver(): boolean {
    return this.#stage === 'over';
  }

  /** Why a Frontend could not compile it, a sentence each. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  begin(at: number, out: Effect[]): void {
    out.push({ type: 'commit', group: { store: 'operations', rows: [this.#row] } });
    if (this.#stage === 'pushing') this.#pushNext(at, out);
    else {
      this.#armDeadline('preparing', at, out);
      const message = { type: 'prepareRules', via: this.#backend, rules: versionOf(this.#row) } as const;
      for (const { name } of this.#members) out.push({ type: 'toFrontend', node: name, message });
    }
  }

  prepared({ frontend, faults }: RulesPrepared, at: number, out: Effect[]): void {
    const member = this.#memberOf(frontend);
    if (member === undefined) return;
    member.isPrepared = true;
    this.#faults.push(...faults.filter((fault) => !this.#faults.includes(fault)));
    if (this.#stage === 'pushing' && faults.length > 0) this.#fail(`${frontend} can not take it`, out);
    if (this.#stage !== 'preparing' || !this.#members.every(({ isPrepared }) => isPrepared)) return;
    if (this.#faults.length > 0) this.#fail('it can not be compiled', out);
    else this.#raiseFences(at, out);
  }

  fenceRaised(frontend: string, out: Effect[]): void {
    const member = this.#memberOf(frontend);
    if (member === undefined || this.#stage !== 'fencing') return;
    member.isFenced = true;
    if (this.#members.every(({ isFenced }) => isFenced)) this.#decide('committed', out);
  }

  taken({ frontend, inForce }: RulesTaken, at: number, out: Effect[]): void {
    const member = this.#memberOf(frontend);
    if (member === undefined) return;
    member.inForce = inForce;
    if (this.#stage === 'pushing') this.#pushNext(at, out);
    else this.#closeIfOpen(at, out);
  }

  frontendLost(frontend: string, at: number, out: Effect[]): void {
    const member = this.#memberOf(frontend);
    if (member === undefined) return;
    member.isUp = false;
    if (this.#isUndecided) this.#fail(`${frontend} was lost`, out);
    else this.#closeIfOpen(at, out);
  }

  overdue(stage: DeploymentStage, at: number, out: Effect[]): void {
    if (stage !== this.#stage) return;
    const missing = this.#missing();
    if (stage === 'opening') this.#close(at, out);
    // Those that come after the one that is pushed to were not asked yet.
    else this.#fail(`${(stage === 'pushing' ? missing.slice(0, 1) : missing).join(', ')} did not answer in time`, out);
  }

  /** Whether this deployment waits for the answer to this claim. */
  awaits(claimant: string): boolean {
    return this.#stage === 'deciding' && claimant === this.#aim;
  }

  /** The claim is answered: what was decided is stored, then told. */
  decided(hasWon: boolean, at: number, out: Effect[]): void {
    const failure = failureOf(this.#row.fidelity);
    this.#outcome = hasWon ? this.#aim : otherThan(this.#aim, failure);
    if (this.#outcome === failure && this.#reasons.length === 0) {
      this.#reasons.push('another Backend has ended it, as a Frontend had waited too long');
    }
    this.#stage = 'opening';
    if (this.#row.fidelity === 'faithful' || this.#outcome === 'unsuccessful') return this.#close(at, out);
    this.#putOutcome(at, out);
    this.#tell(this.#outcome, at, out);
    return this.#closeIfOpen(at, out);
  }

  /** As it stands at `at`, ms. */
  report(at: number): DeploymentReport {
    const { by, change } = this.#row;
    const { outcome, reasons, nodes } = this.#outcomeRow(at);
    return { version: this.version, at: this.#row.at, by, change, outcome, reasons, nodes };
  }

  get #isUndecided(): boolean {
    return this.#stage === 'preparing' || this.#stage === 'fencing' || this.#stage === 'pushing';
  }

  #raiseFences(at: number, out: Effect[]): void {
    this.#stage = 'fencing';
    this.#armDeadline('fencing', at, out);
    const { version } = this;
    const message = { type: 'raiseFence', via: this.#backend, version, inForce: this.#inForce } as const;
    for (const { name } of this.#members) out.push({ type: 'toFrontend', node: name, message });
  }

  #pushNext(at: number, out: Effect[]): void {
    const next = this.#members.find(({ inForce }) => inForce === null);
    if (next === undefined) return this.#decide('committed', out);
    this.#armDeadline('pushing', at, out);
    const message = { type: 'pushRules', via: this.#backend, rules: versionOf(this.#row) } as const;
    out.push({ type: 'toFrontend', node: next.name, message });
  }

  #fail(reason: string, out: Effect[]): void {
    this.#reasons.push(reason, ...this.#faults);
    this.#decide(failureOf(this.#row.fidelity), out);
  }

  #decide(aim: DeploymentOutcome, out: Effect[]): void {
    this.#stage = 'deciding';
    this.#aim = aim;
    out.push({ type: 'claim', key: decisionKeyOf(this.version), claimant: aim });
  }

  #tell(outcome: 'committed' | 'aborted', at: number, out: Effect[]): void {
    this.#armDeadline('opening', at, out);
    const message = { type: 'rulesDecided', via: this.#backend, version: this.version, outcome } as const;
    for (const { name } of this.#members) out.push({ type: 'toFrontend', node: name, message });
  }

  #closeIfOpen(at: number, out: Effect[]): void {
    if (this.#stage === 'opening' && this.#missing().length === 0) this.#close(at, out);
  }

  #close(at: number, out: Effect[]): void {
    this.#stage = 'over';
    this.#putOutcome(at, out);
  }

  #putOutcome(at: number, out: Effect[]): void {
    out.push({ type: 'commit', group: { store: 'operations', rows: [this.#outcomeRow(at)] } });
  }

  /** Who has not done what this stage waits for; one that was lost is not waited for any more. */
  #missing(): readonly string[] {
    const isMissing = ({ isUp, isPrepared, isFenced, inForce }: Member): boolean => {
      if (this.#stage === 'preparing') return !isPrepared;
      if (this.#stage === 'fencing') return !isFenced;
      return isUp && inForce === null;
    };
    return this.#members.filter(isMissing).map(({ name }) => name);
  }

  #outcomeRow(at: number): DeploymentOutcomeRow {
    const nodes = this.#members.map(({ name, inForce }) => ({ name, version: inForce }));
    return {
      kind: 'deploymentOutcome',
      id: this.#row.id,
      at,
      outcome: this.#outcome,
      reasons: [...this.#reasons],
      nodes,
    };
  }

  #armDeadline(stage: DeploymentTimer['stage'], at: number, out: Effect[]): void {
    const timer: DeploymentTimer = { kind: 'deploymentOverdue', version: this.version, stage };
    out.push({ type: 'wake', at: at + STAGE_MS_MAX[stage], timer });
  }

  #memberOf(frontend: string): Member | undefined {
    return this.#members.find(({ name }) => name === frontend);
  }
}

function otherThan(aim: DeploymentOutcome, failure: DeploymentOutcome): DeploymentOutcome {
  return aim === 'committed' ? failure : 'committed';
}
