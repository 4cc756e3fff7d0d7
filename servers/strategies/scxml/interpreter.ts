/**
 * One SCXML session, as appendix D of the recommendation has it: macrosteps over the internal queue, then invokes, then
 * one external event. It never waits: what takes time or leaves the session goes to its house.
 */
import { SET_EVENT } from './program-text.ts';
import type { SandboxScope } from './sandbox.ts';
import type { DoneData, Invoke, Payload, ScxmlDocument, StateNode, Transition } from './scxml-document.ts';
import { eventText, givenOf, payloadOfText, type ScxmlEvent } from './scxml-event.ts';
import type { Kinship, ScxmlSession, SessionHouse } from './session-house.ts';
import { entrySetOf, exitSetOf, inDocumentOrder, isAtomic, isDescendant, isInFinalState } from './state-sets.ts';
import { StepRunner } from './step-runner.ts';
import { selectTransitions } from './transition-selection.ts';

/** An invoke of a state that is active. */
interface ActiveInvoke {
  readonly id: string;
  readonly invoke: Invoke;
}

export class Interpreter implements ScxmlSession {
  readonly id: string;
  readonly chart: ScxmlDocument;
  readonly kinship: Kinship | null;
  readonly external: ScxmlEvent[] = [];
  readonly scope: SandboxScope;
  readonly #house: SessionHouse;
  readonly #steps: StepRunner;
  readonly #configuration = new Set<StateNode>();
  readonly #history = new Map<StateNode, readonly StateNode[]>();
  readonly #internal: ScxmlEvent[] = [];
  readonly #toInvoke = new Set<StateNode>();
  readonly #invoked = new Map<StateNode, ActiveInvoke[]>();
  readonly #bound = new Set<StateNode>();
  #running = true;
  #doneData: Payload | undefined;

  constructor(id: string, chart: ScxmlDocument, scope: SandboxScope, house: SessionHouse, kinship: Kinship | null) {
    this.id = id;
    this.chart = chart;
    this.scope = scope;
    this.kinship = kinship;
    this.#house = house;
    this.#steps = new StepRunner(this, house);
  }

  get running(): boolean {
    return this.#running;
  }

  /** What the document's final state gives, once it is reached. */
  get doneData(): Payload | undefined {
    return this.#doneData;
  }

  /** Ids of the active states, in document order. */
  get activeStates(): readonly string[] {
    return inDocumentOrder(this.#configuration).map(({ id }) => id);
  }

  isActive(stateId: string): boolean {
    const state = this.chart.byId.get(stateId);
    return state !== undefined && this.#configuration.has(state);
  }

  random(): number {
    return this.#house.random();
  }

  /** `given`: values for data of the document itself, from the one who invokes it. */
  start(given: ReadonlyMap<string, Payload>): void {
    const { root, states, lateBinding } = this.chart;
    for (const state of lateBinding ? [root] : states) this.#bindData(state, given);
    if (this.chart.script !== null) {
      const outcome = this.scope.runScript(this);
      if (!outcome.ok) this.raiseError('error.execution', outcome.message);
    }
    if (root.initial !== null) this.#enter([root.initial]);
    this.#macrostep();
  }

  /** Takes one external event, if there is one. */
  takeNext(): void {
    const event = this.external.shift();
    if (event === undefined || !this.#running) return;
    this.#house.countStep();
    this.#setEvent(event);
    for (const state of inDocumentOrder(this.#invoked.keys())) {
      for (const { id, invoke } of this.#invoked.get(state) ?? []) {
        if (id === event.invokeId && invoke.finalize !== null) this.#steps.run(invoke.finalize);
        if (invoke.autoforward) this.#house.forward(this, id, event);
      }
    }
    this.#microstep(this.#select(event.name));
    this.#macrostep();
  }

  /** Leaves all states at once, as a session does that is cancelled. */
  cancel(): void {
    this.#running = false;
    this.#leaveAll();
  }

  raise(event: ScxmlEvent): void {
    this.#internal.push(event);
  }

  raiseError(name: 'error.execution' | 'error.communication', message: string, sendId?: string): void {
    this.#house.noticeError(this, name, message);
    this.raise({ name, type: 'platform', sendId, data: { kind: 'json', json: JSON.stringify(message) } });
  }

  #setEvent(event: ScxmlEvent): void {
    this.scope.run(this, SET_EVENT, eventText(event));
  }

  #bindData(state: StateNode, given: ReadonlyMap<string, Payload>): void {
    this.#bound.add(state);
    for (const { id, init, store } of state.data) {
      const instead = state.parent === null ? given.get(id) : undefined;
      const outcome =
        instead !== undefined
          ? this.scope.run(this, store, givenOf(instead))
          : init === null
            ? null
            : this.scope.run(this, init);
      if (outcome !== null && !outcome.ok) this.raiseError('error.execution', outcome.message);
    }
  }

  /** On until nothing more happens by itself; then starts what has been invoked. */
  #macrostep(): void {
    while (this.#running) {
      let enabled = this.#select(null);
      if (enabled.length === 0) {
        const event = this.#internal.shift();
        if (event === undefined) {
          this.#startInvokes();
          if (this.#internal.length === 0) break;
          continue;
        }
        this.#setEvent(event);
        enabled = this.#select(event.name);
        if (enabled.length === 0 && event.name.startsWith('error.')) this.#house.errorUntaken(event);
      }
      this.#house.countStep();
      this.#microstep(enabled);
    }
    if (!this.#running) this.#leaveAll();
  }

  #select(event: string | null): readonly Transition[] {
    return selectTransitions(this.#configuration, this.#history, event, ({ when }) => {
      if (when === null) return true;
      const outcome = this.scope.run(this, when);
      if (!outcome.ok) this.raiseError('error.execution', outcome.message);
      return outcome.ok && outcome.value === 1;
    });
  }

  #microstep(enabled: readonly Transition[]): void {
    if (enabled.length === 0) return;
    this.#exit(exitSetOf(enabled, this.#configuration, this.#history));
    for (const { steps } of enabled) this.#steps.run(steps);
    this.#enter(enabled);
  }

  #exit(leaving: ReadonlySet<StateNode>): void {
    const ordered = inDocumentOrder(leaving).toReversed();
    for (const state of ordered) {
      this.#toInvoke.delete(state);
      for (const history of state.histories) {
        const remembered = [...this.#configuration].filter((active) =>
          history.kind === 'deepHistory' ? isAtomic(active) && isDescendant(active, state) : active.parent === state,
        );
        this.#history.set(history, inDocumentOrder(remembered));
      }
    }
    for (const state of ordered) this.#leave(state);
  }

  #leave(state: StateNode): void {
    for (const block of state.onExit) this.#steps.run(block);
    for (const { id } of this.#invoked.get(state) ?? []) this.#house.cancelInvoke(this, id);
    this.#invoked.delete(state);
    this.#configuration.delete(state);
  }

  #leaveAll(): void {
    for (const state of inDocumentOrder(this.#configuration).toReversed()) {
      this.#leave(state);
      if (state.kind === 'final' && state.parent?.kind === 'scxml') this.#doneData = this.#dataOf(state.doneData);
    }
  }

  #enter(transitions: readonly Transition[]): void {
    const { states, byDefault, historyContent } = entrySetOf(transitions, this.#history);
    for (const state of states) {
      this.#configuration.add(state);
      this.#toInvoke.add(state);
      if (!this.#bound.has(state)) this.#bindData(state, new Map());
      for (const block of state.onEntry) this.#steps.run(block);
      if (byDefault.has(state)) this.#steps.run(state.initial?.steps ?? []);
      this.#steps.run(historyContent.get(state) ?? []);
      if (state.kind === 'final') this.#entered(state);
    }
  }

  #entered({ parent, doneData }: StateNode): void {
    if (parent === null || parent.kind === 'scxml') {
      this.#running = false;
      return;
    }
    this.raise({ name: `done.state.${parent.id}`, type: 'platform', data: this.#dataOf(doneData) });
    const above = parent.parent;
    if (above?.kind === 'parallel' && isInFinalState(above, this.#configuration)) {
      this.raise({ name: `done.state.${above.id}`, type: 'platform' });
    }
  }

  #dataOf(doneData: DoneData | null): Payload | undefined {
    if (doneData === null) return undefined;
    if (doneData.content !== null) {
      if (doneData.content.kind === 'fixed') return doneData.content.payload;
      const outcome = this.scope.run(this, doneData.content.at);
      if (outcome.ok) return payloadOfText(outcome.value);
      this.raiseError('error.execution', outcome.message);
      return undefined;
    }
    const fields: string[] = [];
    for (const [name, at] of doneData.params) {
      const outcome = this.scope.run(this, at);
      if (!outcome.ok) this.raiseError('error.execution', outcome.message);
      const payload = outcome.ok ? payloadOfText(outcome.value) : undefined;
      if (payload === undefined) continue;
      fields.push(`${JSON.stringify(name)}:${payload.kind === 'json' ? payload.json : JSON.stringify(payload.xml)}`);
    }
    return fields.length === 0 ? undefined : { kind: 'json', json: `{${fields.join(',')}}` };
  }

  #startInvokes(): void {
    const waiting = inDocumentOrder(this.#toInvoke);
    this.#toInvoke.clear();
    for (const state of waiting) {
      for (const invoke of state.invokes) {
        const id = this.#house.invoke(this, state, invoke);
        if (id === null) continue;
        const active = this.#invoked.get(state) ?? [];
        active.push({ id, invoke });
        this.#invoked.set(state, active);
      }
    }
  }
}
