/**
 * A strategy's session that runs an SCXML document: the events of its queue go in under their documented names, what
 * the document sends to a service comes out as an effect, and a delayed `<send>` is a wait of the port.
 */
import type { Result } from '#core/result.ts';
import type { SessionEffect } from '#core/engagement/strategy-session.ts';
import { ScxmlMachine, type ScxmlEffect, type ServiceMessage } from './scxml/scxml-machine.ts';
import type { Sandbox } from './scxml/sandbox.ts';
import type { ScxmlDocument } from './scxml/scxml-document.ts';
import { SERVICE_TYPE } from './services.ts';

/** How messages of one queue become effects. */
type Translate<X> = (message: ServiceMessage) => Result<X, string>;

/** Of a message for people that has been logged. */
const LABEL_MAX = 100;

export class DocumentSession<X> {
  readonly #machine: ScxmlMachine;
  readonly #translate: Translate<X>;
  readonly #effects: ScxmlEffect[] = [];

  constructor(id: string, chart: ScxmlDocument, sandbox: Sandbox, random: () => number, translate: Translate<X>) {
    this.#translate = translate;
    this.#machine = new ScxmlMachine(chart, sandbox, {
      sessionId: id,
      random,
      services: {
        type: SERVICE_TYPE,
        faultOf: (message) => {
          const translated = translate(message);
          return translated.ok ? null : (translated.problems[0] ?? '');
        },
      },
      failsOnError: true,
    });
  }

  start(name: string, data: unknown, out: (X | SessionEffect)[]): void {
    this.#machine.start(this.#effects);
    this.deliver(name, data, out);
  }

  deliver(name: string, data: unknown, out: (X | SessionEffect)[]): void {
    this.#machine.deliver(name, { kind: 'json', json: JSON.stringify(data) }, this.#effects);
    this.#emit(out);
  }

  wake(sendId: string, out: (X | SessionEffect)[]): void {
    this.#machine.timerIsUp(Number(sendId), this.#effects);
    this.#emit(out);
  }

  close(): void {
    this.#machine.stop([]);
  }

  #emit(out: (X | SessionEffect)[]): void {
    for (const effect of this.#effects) {
      const translated = this.#effectOf(effect);
      if (translated !== null) out.push(translated);
    }
    this.#effects.length = 0;
  }

  #effectOf(effect: ScxmlEffect): X | SessionEffect | null {
    switch (effect.type) {
      case 'send': {
        const translated = this.#translate(effect.message);
        return translated.ok ? translated.value : null;
      }
      case 'startTimer':
        return { type: 'wakeAfter', sendId: String(effect.timer), delayMs: effect.delayMs };
      case 'stopTimer':
        return { type: 'cancel', sendId: String(effect.timer) };
      case 'log':
        return { type: 'log', text: `${effect.label.slice(0, LABEL_MAX)}: ${effect.text}`.replace(/^: /, '') };
      case 'error':
        return { type: 'log', text: `${effect.name}: ${effect.message}` };
      case 'done':
        return { type: 'done' };
      case 'failed':
        return { type: 'failed', text: `${REASONS[effect.kind]}: ${effect.message}` };
    }
  }
}

const REASONS: Readonly<Record<Extract<ScxmlEffect, { type: 'failed' }>['kind'], string>> = {
  endless: 'it does not come to rest',
  memory: 'it takes too much memory',
  crash: 'the script engine gave up',
  error: 'an error that it does not handle',
};
