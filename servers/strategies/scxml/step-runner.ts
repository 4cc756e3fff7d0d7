/** Runs executable content. An error raises its event and ends the block in which it happens, and only that block. */
import { assertNever } from '#core/assert.ts';
import { parseDelayMs } from './delay.ts';
import { END_LIST } from './program-text.ts';
import type { Block, ContentSource, Payload, SendStep, Step, TextSource } from './scxml-document.ts';
import { payloadOfText } from './scxml-event.ts';
import type { ScxmlSession, SessionHouse } from './session-house.ts';

/** Thrown by a step whose expression has failed; caught where its block ends. */
class StepError extends Error {}

export class StepRunner {
  readonly #session: ScxmlSession;
  readonly #house: SessionHouse;

  constructor(session: ScxmlSession, house: SessionHouse) {
    this.#session = session;
    this.#house = house;
  }

  run(block: Block): void {
    this.#runSteps(block);
  }

  /** False: an error has ended it. */
  #runSteps(block: Block): boolean {
    for (const step of block) if (!this.#runStep(step)) return false;
    return true;
  }

  #runStep(step: Step): boolean {
    try {
      switch (step.type) {
        case 'raise':
          this.#session.raise({ name: step.event, type: 'internal' });
          return true;
        case 'if': {
          const branch = step.branches.find(({ when }) => when === null || this.#value(when) === 1);
          return branch === undefined || this.#runSteps(branch.steps);
        }
        case 'foreach':
          return this.#forEach(step);
        case 'log':
          this.#house.log(this.#session, step.label, step.value === null ? '' : String(this.#value(step.value)));
          return true;
        case 'run':
          this.#value(step.at);
          return true;
        case 'send':
          return this.#send(step);
        case 'cancel':
          this.#house.cancelSend(this.#session, this.#text(step.id));
          return true;
        default:
          return assertNever(step, 'step');
      }
    } catch (error) {
      if (!(error instanceof StepError)) throw error;
      this.#session.raiseError('error.execution', error.message);
      return false;
    }
  }

  /** Over a copy of the array, as it stood before. */
  #forEach({ list, item, steps }: Extract<Step, { type: 'foreach' }>): boolean {
    const length = Number(this.#value(list));
    let going = true;
    try {
      for (let index = 0; going && index < length; index += 1) {
        this.#house.countStep();
        this.#value(item, index);
        going = this.#runSteps(steps);
      }
    } finally {
      this.#session.scope.run(this.#session, END_LIST);
    }
    return going;
  }

  /** False: the message can't be made, which ends the block. */
  #send(step: SendStep): boolean {
    const sendId = this.#sendId(step);
    try {
      const processor = step.processor === null ? '' : this.#text(step.processor);
      const delay = step.delay === null ? '0ms' : this.#text(step.delay);
      const delayMs = parseDelayMs(delay);
      if (delayMs === null) throw new StepError(`delay ${delay}: expected a time such as 500ms or 1.5s`);
      const target = step.target === null ? '' : this.#text(step.target);
      if (!this.#house.knowsProcessor(processor)) throw new StepError(`${processor} is not known here`);
      if (target === '#_internal' && delayMs > 0) throw new StepError('a message to #_internal takes no delay');
      const fault = this.#house.send(this.#session, {
        event: step.event === null ? '' : this.#text(step.event),
        target,
        processor,
        sendId,
        data: step.content === null ? this.#record(step.record) : this.#content(step.content),
        delayMs,
      });
      if (fault !== null) throw new StepError(fault);
      return true;
    } catch (error) {
      if (!(error instanceof StepError)) throw error;
      this.#session.raiseError('error.execution', error.message, sendId);
      return false;
    }
  }

  #sendId({ id, idLocation }: SendStep): string | undefined {
    if (idLocation === null) return id ?? undefined;
    const made = `send.${this.#house.nextId()}`;
    const stored = this.#session.scope.run(this.#session, idLocation, `j${JSON.stringify(made)}`);
    if (!stored.ok) throw new StepError(stored.message);
    return made;
  }

  #record(at: number | null): Payload | undefined {
    return at === null ? undefined : payloadOfText(this.#value(at));
  }

  #content(content: ContentSource): Payload | undefined {
    return content.kind === 'fixed' ? content.payload : payloadOfText(this.#value(content.at));
  }

  #text(source: TextSource): string {
    return source.kind === 'fixed' ? source.text : String(this.#value(source.at));
  }

  #value(at: number, given?: number): string | number | undefined {
    const outcome = this.#session.scope.run(this.#session, at, given);
    if (outcome.ok) return outcome.value;
    throw new StepError(outcome.message);
  }
}
