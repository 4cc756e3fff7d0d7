/** Runs an SCXML document in virtual time, as a host would: timers come back in the order in which they are due. */
import { scriptEngine } from '#node/script-engine.ts';
import { readScxml } from '#strategies/scxml/read-document.ts';
import { Sandbox } from '#strategies/scxml/sandbox.ts';
import { ScxmlMachine, type ScxmlEffect, type Services } from '#strategies/scxml/scxml-machine.ts';

export interface Ran {
  readonly machine: ScxmlMachine;
  readonly sandbox: Sandbox;
  readonly effects: readonly ScxmlEffect[];
  /** Texts that were logged with `label`. */
  logged(label: string): readonly string[];
}

export interface RunOptions {
  readonly resolve?: (address: string) => string | undefined;
  /** Sent one after the other when the machine has come to rest for the first time. */
  readonly events?: readonly (string | readonly [name: string, data: unknown])[];
  readonly services?: Services;
  readonly failsOnError?: boolean;
}

export function runDocument(text: string, options: RunOptions = {}): Ran {
  const { resolve } = options;
  const read = readScxml(text, resolve === undefined ? {} : { resolve });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const sandbox = new Sandbox(scriptEngine);
  const machine = new ScxmlMachine(read.value, sandbox, {
    sessionId: 's1',
    random: () => 0.5,
    services: options.services ?? null,
    failsOnError: options.failsOnError ?? false,
    ...(resolve === undefined ? {} : { resolve }),
  });
  const effects: ScxmlEffect[] = [];
  const due: { timer: number; at: number }[] = [];
  let now = 0;
  let seen = 0;
  const takeTimers = (): void => {
    for (; seen < effects.length; seen += 1) {
      const effect = effects[seen];
      if (effect?.type === 'startTimer') due.push({ timer: effect.timer, at: now + effect.delayMs });
      if (effect?.type === 'stopTimer') {
        const at = due.findIndex(({ timer }) => timer === effect.timer);
        if (at !== -1) due.splice(at, 1);
      }
    }
    due.sort((one, other) => one.at - other.at || one.timer - other.timer);
  };
  machine.start(effects);
  for (const event of options.events ?? []) {
    const [name, data] = typeof event === 'string' ? [event, undefined] : event;
    machine.deliver(name, data === undefined ? undefined : { kind: 'json', json: JSON.stringify(data) }, effects);
  }
  takeTimers();
  for (let next = due.shift(); next !== undefined && machine.running; next = due.shift()) {
    now = next.at;
    machine.timerIsUp(next.timer, effects);
    takeTimers();
  }
  return {
    machine,
    sandbox,
    effects,
    logged: (label) =>
      effects.flatMap((effect) => (effect.type === 'log' && effect.label === label ? [effect.text] : [])),
  };
}
