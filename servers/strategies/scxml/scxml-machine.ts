/**
 * An SCXML document as it runs: its session and those that it invokes, together. Synchronous: an event in, effects out;
 * what takes time is an effect, and comes back as an event.
 */
import { fail, succeed } from '#core/result.ts';
import { Interpreter } from './interpreter.ts';
import type { Sandbox } from './sandbox.ts';
import type { Invoke, Payload, ScxmlDocument, StateNode, TextSource } from './scxml-document.ts';
import { payloadOfText, SCXML_PROCESSOR, type ScxmlEvent } from './scxml-event.ts';
import { SessionFault, type FaultKind } from './session-fault.ts';
import type { Kinship, Message, ScxmlSession, SessionHouse } from './session-house.ts';

export type ScxmlEffect =
  | { readonly type: 'send'; readonly message: ServiceMessage }
  | { readonly type: 'startTimer'; readonly timer: number; readonly delayMs: number }
  | { readonly type: 'stopTimer'; readonly timer: number }
  | { readonly type: 'log'; readonly label: string; readonly text: string }
  | { readonly type: 'error'; readonly name: string; readonly message: string }
  | { readonly type: 'done'; readonly data: Payload | undefined }
  | { readonly type: 'failed'; readonly kind: FaultKind; readonly message: string };

/** A message that leaves the machine. */
export interface ServiceMessage {
  readonly target: string;
  readonly event: string;
  readonly data: Payload | undefined;
}

export interface Services {
  /** The `type` by which a `<send>` names them. */
  readonly type: string;
  /** What is wrong with a message: an error of the `<send>` that makes it; null: nothing. */
  faultOf(message: ServiceMessage): string | null;
}

export interface MachineSettings {
  readonly sessionId: string;
  readonly random: () => number;
  /** What else a document can send to than sessions; such messages leave as effects. */
  readonly services: Services | null;
  /** Whether an error that the document does not take ends it. */
  readonly failsOnError: boolean;
  /** The document behind an address that is known at run time only. */
  readonly resolve?: (address: string) => string | undefined;
}

/** Microsteps, events and items of a foreach in one turn. */
const STEPS_MAX = 20_000;

/** Sessions that one machine may run at once. */
const SESSIONS_MAX = 32;

const SCXML_TYPES: ReadonlySet<string> = new Set([
  '',
  'scxml',
  'http://www.w3.org/TR/scxml',
  'http://www.w3.org/TR/scxml/',
]);

interface Delayed {
  readonly from: ScxmlSession;
  readonly message: Message;
}

export class ScxmlMachine implements SessionHouse {
  readonly random: () => number;
  readonly #settings: MachineSettings;
  readonly #sandbox: Sandbox;
  readonly #root: Interpreter;
  readonly #sessions: Interpreter[] = [];
  readonly #delayed = new Map<number, Delayed>();
  readonly #dropped = new WeakSet<ScxmlEvent>();
  #out: ScxmlEffect[] = [];
  #steps = 0;
  #ids = 0;
  #over = false;

  constructor(chart: ScxmlDocument, sandbox: Sandbox, settings: MachineSettings) {
    this.#settings = settings;
    this.#sandbox = sandbox;
    this.random = settings.random;
    this.#root = this.#createSession(settings.sessionId, chart, null);
  }

  /** Whether it takes events. */
  get running(): boolean {
    return !this.#over;
  }

  get activeStates(): readonly string[] {
    return this.#root.activeStates;
  }

  start(out: ScxmlEffect[]): void {
    this.#turn(out, () => this.#root.start(new Map()));
  }

  deliver(name: string, data: Payload | undefined, out: ScxmlEffect[]): void {
    if (this.#over) return;
    this.#turn(out, () => this.#root.external.push({ name, type: 'external', data }));
  }

  /** A timer that it has started is up; one that it has stopped changes nothing. */
  timerIsUp(timer: number, out: ScxmlEffect[]): void {
    const delayed = this.#delayed.get(timer);
    if (delayed === undefined || this.#over) return;
    this.#delayed.delete(timer);
    this.#turn(out, () => this.#dispatch(delayed.from, delayed.message));
  }

  /** Ends it from outside, as far as its onexit; frees what it holds. */
  stop(out: ScxmlEffect[]): void {
    if (this.#over) return;
    this.#turn(out, () => this.#root.cancel());
    this.#end();
  }

  #turn(out: ScxmlEffect[], act: () => void): void {
    this.#out = out;
    this.#steps = 0;
    try {
      this.#sandbox.beginTurn();
      act();
      this.#pump();
      this.#sandbox.endTurn();
      if (this.#root.running) return;
      this.#end();
      out.push({ type: 'done', data: this.#root.doneData });
    } catch (error) {
      if (!(error instanceof SessionFault)) throw error;
      this.#end();
      out.push({ type: 'failed', kind: error.kind, message: error.message });
    }
  }

  /** Lets each session take its events in turn until all have taken theirs. */
  #pump(): void {
    for (let busy = true; busy;) {
      busy = false;
      for (const session of this.#sessions.slice()) {
        if (!this.#root.running) return;
        // Another's turn may have cancelled it.
        if (session.external.length === 0 || !this.#sessions.includes(session)) continue;
        this.#takeNext(session);
        busy = true;
      }
    }
  }

  #takeNext(session: Interpreter): void {
    const [event] = session.external;
    if (event !== undefined && this.#dropped.has(event)) session.external.shift();
    else session.takeNext();
    if (!session.running) this.#tellParent(session);
  }

  /** An invoked session has come to its end by itself. */
  #tellParent(session: Interpreter): void {
    const { kinship } = session;
    if (kinship === null) return;
    this.#forget(session);
    const { invokeId } = kinship;
    kinship.parent.external.push({
      name: `done.invoke.${invokeId}`,
      type: 'external',
      invokeId,
      data: session.doneData,
    });
  }

  #createSession(id: string, chart: ScxmlDocument, kinship: Kinship | null): Interpreter {
    const session = new Interpreter(id, chart, this.#sandbox.createScope(chart, id), this, kinship);
    this.#sessions.push(session);
    return session;
  }

  /** Its delayed messages go with it. */
  #forget(session: Interpreter): void {
    const at = this.#sessions.indexOf(session);
    if (at === -1) return;
    this.#sessions.splice(at, 1);
    for (const [timer, { from }] of this.#delayed) if (from === session) this.#stopTimer(timer);
    session.scope.dispose();
  }

  #end(): void {
    this.#over = true;
    for (const session of this.#sessions.slice()) this.#forget(session);
  }

  #stopTimer(timer: number): void {
    this.#delayed.delete(timer);
    this.#out.push({ type: 'stopTimer', timer });
  }

  countStep(): void {
    this.#steps += 1;
    if (this.#steps > STEPS_MAX) throw new SessionFault('endless', `it did not come to rest in ${STEPS_MAX} steps`);
  }

  nextId(): number {
    this.#ids += 1;
    return this.#ids;
  }

  knowsProcessor(type: string): boolean {
    return SCXML_TYPES.has(type) || type === SCXML_PROCESSOR || type === this.#settings.services?.type;
  }

  send(from: ScxmlSession, message: Message): string | null {
    const { services } = this.#settings;
    if (message.processor === services?.type) {
      const fault = services.faultOf(message);
      if (fault !== null) return fault;
    } else if (message.target !== '' && !message.target.startsWith('#_')) {
      return `target ${message.target}: expected #_internal, #_parent or the address of a session`;
    }
    if (message.delayMs === 0) {
      this.#dispatch(from, message);
      return null;
    }
    const timer = this.nextId();
    this.#delayed.set(timer, { from, message });
    this.#out.push({ type: 'startTimer', timer, delayMs: message.delayMs });
    return null;
  }

  cancelSend(from: ScxmlSession, sendId: string): void {
    for (const [timer, delayed] of this.#delayed) {
      if (delayed.from === from && delayed.message.sendId === sendId) this.#stopTimer(timer);
    }
  }

  #dispatch(from: ScxmlSession, message: Message): void {
    const { event, target, processor, data, sendId } = message;
    if (processor === this.#settings.services?.type) {
      this.#out.push({ type: 'send', message: { target, event, data } });
      return;
    }
    if (target === '#_internal') {
      from.raise({ name: event, type: 'internal', sendId, data });
      return;
    }
    const to = this.#sessionAt(from, target);
    if (to === null) {
      from.raiseError('error.communication', `no session at ${target}`, sendId);
      return;
    }
    const sent: ScxmlEvent = {
      name: event,
      type: 'external',
      sendId,
      data,
      origin: `#_scxml_${from.id}`,
      originType: SCXML_PROCESSOR,
      invokeId: to === from.kinship?.parent ? from.kinship.invokeId : undefined,
    };
    to.external.push(sent);
  }

  #sessionAt(from: ScxmlSession, target: string): ScxmlSession | null {
    if (target === '') return from;
    if (target === '#_parent') return from.kinship?.parent ?? null;
    const id = target.replace(/^#_scxml_/, '');
    const named = this.#sessions.find((session) => session.id === id && target.startsWith('#_scxml_'));
    return named ?? this.#childOf(from, target.replace(/^#_/, '')) ?? null;
  }

  #childOf(parent: ScxmlSession, invokeId: string): Interpreter | undefined {
    return this.#sessions.find(({ kinship }) => kinship?.parent === parent && kinship.invokeId === invokeId);
  }

  invoke(from: ScxmlSession, state: StateNode, invoke: Invoke): string | null {
    const id = invoke.id ?? `${state.id}.${this.nextId()}`;
    const started = this.#startChild(from, id, invoke);
    if (started.ok) return id;
    from.raiseError('error.execution', started.problems[0] ?? '');
    return null;
  }

  #startChild(from: ScxmlSession, id: string, invoke: Invoke) {
    const { scope } = from;
    if (invoke.idLocation !== null) {
      const stored = scope.run(from, invoke.idLocation, `j${JSON.stringify(id)}`);
      if (!stored.ok) return fail([stored.message]);
    }
    const type = textOf(from, invoke.processor);
    if (type === null || !this.knowsProcessor(type)) return fail([`${type ?? 'type'}: expected scxml`]);
    const given = this.#givenTo(from, invoke);
    if (given === null) return fail(['the values for an invoked document could not be had']);
    const chart = this.#documentOf(from, invoke);
    if (chart === null) return fail(['the document of <invoke> could not be had or read']);
    if (this.#sessions.length >= SESSIONS_MAX) return fail([`expected at most ${SESSIONS_MAX} sessions at once`]);
    const kinship = { parent: from, invokeId: id };
    const child = this.#createSession(`${this.#settings.sessionId}.${id}`, chart, kinship);
    child.start(given);
    if (!child.running) this.#tellParent(child);
    return succeed(id);
  }

  #givenTo(from: ScxmlSession, { record }: Invoke): ReadonlyMap<string, Payload> | null {
    if (record === null) return new Map();
    const outcome = from.scope.run(from, record);
    const payload = outcome.ok ? payloadOfText(outcome.value) : undefined;
    if (payload?.kind !== 'json') return null;
    const values: unknown = JSON.parse(payload.json);
    const entries = Object.entries(values ?? {}).map(([name, value]): [string, Payload] => {
      return [name, { kind: 'json', json: JSON.stringify(value) }];
    });
    return new Map(entries);
  }

  #documentOf(from: ScxmlSession, { child, source, content }: Invoke): ScxmlDocument | null {
    if (child !== null) return child;
    let text: string | undefined;
    if (content !== null) {
      const outcome = from.scope.run(from, content);
      const payload = outcome.ok ? payloadOfText(outcome.value) : undefined;
      text = payload?.kind === 'xml' ? payload.xml : undefined;
    } else if (source !== null) {
      text = this.#settings.resolve?.(textOf(from, source) ?? '');
    }
    return text === undefined ? null : this.#sandbox.documentOf(text, this.#settings.resolve);
  }

  cancelInvoke(from: ScxmlSession, invokeId: string): void {
    const child = this.#childOf(from, invokeId);
    if (child === undefined) return;
    // What it has sent or sends while it leaves is not heard any more.
    child.cancel();
    this.#forget(child);
    for (const event of from.external) if (event.invokeId === invokeId) this.#dropped.add(event);
  }

  forward(from: ScxmlSession, invokeId: string, event: ScxmlEvent): void {
    this.#childOf(from, invokeId)?.external.push({ ...event });
  }

  log(_from: ScxmlSession, label: string, text: string): void {
    this.#out.push({ type: 'log', label, text });
  }

  noticeError(_from: ScxmlSession, name: string, message: string): void {
    this.#out.push({ type: 'error', name, message });
  }

  errorUntaken({ name, data }: ScxmlEvent): void {
    if (!this.#settings.failsOnError) return;
    const message: unknown = data?.kind === 'json' ? JSON.parse(data.json) : '';
    throw new SessionFault('error', `${name}: ${String(message)}`);
  }
}

/** '' where there is none; null where it fails. */
function textOf(session: ScxmlSession, source: TextSource | null): string | null {
  if (source === null) return '';
  if (source.kind === 'fixed') return source.text;
  const outcome = session.scope.run(session, source.at);
  return outcome.ok ? String(outcome.value) : null;
}
