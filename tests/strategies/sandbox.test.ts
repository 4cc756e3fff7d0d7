/** What the sandbox keeps: sessions from each other, the host from scripts, and the same numbers everywhere. */
import { describe, expect, test } from 'vitest';
import { scriptEngine } from '#node/script-engine.ts';
import { readScxml } from '#strategies/scxml/read-document.ts';
import { Sandbox } from '#strategies/scxml/sandbox.ts';
import { ScxmlMachine, type ScxmlEffect } from '#strategies/scxml/scxml-machine.ts';

function documentOf(body: string) {
  const read = readScxml(
    `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript">${body}</scxml>`,
  );
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.value;
}

/** Starts sessions of one document in one sandbox, one after the other; what each has logged, errors included. */
function loggedBy(body: string, sessions: number, sandbox = new Sandbox(scriptEngine)): readonly string[][] {
  const chart = documentOf(body);
  return Array.from({ length: sessions }, (_, index) => {
    const effects: ScxmlEffect[] = [];
    const settings = { sessionId: `s${index}`, services: null, failsOnError: false };
    new ScxmlMachine(chart, sandbox, { ...settings, random: () => index / 10 }).start(effects);
    return effects.flatMap((effect) => {
      if (effect.type === 'log') return [effect.text];
      return effect.type === 'error' ? [effect.message] : [];
    });
  });
}

function loggedOnce(...expressions: readonly string[]): readonly string[] {
  const logs = expressions.map((expression) => `<onentry><log expr="${expression}"/></onentry>`).join('');
  return loggedBy(`<state>${logs}</state>`, 1)[0] ?? [];
}

describe('sessions of one document', () => {
  test('have variables of their own, declared or not', () => {
    const body = `<datamodel><data id="n" expr="0"/></datamodel>
      <script>var seen = 1; function more() { return ++n; }</script>
      <state><onentry>
        <assign location="n" expr="n + 1"/><script>stray = (typeof stray === 'number' ? stray : 0) + 1; seen += 1;</script>
        <log expr="[n, stray, seen, more()].join()"/>
      </onentry></state>`;
    expect(loggedBy(body, 3)).toEqual([['1,1,2,2'], ['1,1,2,2'], ['1,1,2,2']]);
  });

  test.each([
    'Object.prototype.leak = 1',
    'Array.prototype.push = null',
    'globalThis.leak = 1',
    'JSON.leak = 1',
    "Object.defineProperty(String.prototype, 'leak', { value: 1 })",
    '(function* () {}).constructor.prototype.leak = 1',
    'Object.getPrototypeOf(/x/).leak = 1',
    'Object.getPrototypeOf(async function () {}).leak = 1',
  ])('can leave nothing to each other by %s', (leak) => {
    const [first] = loggedBy(
      `<state><onentry><script>${leak};</script><log expr="'went through'"/></onentry></state>`,
      1,
    );
    expect(first).toEqual([expect.stringMatching(/TypeError/)]);
  });

  test('get numbers by chance from their own stream', () => {
    expect(loggedBy('<state><onentry><log expr="Math.random()"/></onentry></state>', 3)).toEqual([
      ['0'],
      ['0.1'],
      ['0.2'],
    ]);
  });

  test('leave no memory behind', () => {
    const sandbox = new Sandbox(scriptEngine);
    const body = `<datamodel><data id="all" expr="[]"/></datamodel>
      <state id="a"><onentry><script>all.push({ all, text: 'x'.repeat(1000) });</script></onentry><transition target="z"/></state><final id="z"/>`;
    const chart = documentOf(body);
    const run = (): void => {
      const settings = { sessionId: 's', services: null, failsOnError: true, random: () => 0 };
      for (let index = 0; index < 4_000; index += 1) new ScxmlMachine(chart, sandbox, settings).start([]);
    };
    run();
    const before = sandbox.memoryUsed;
    run();
    run();
    // Each leaves a ring of 1.1 kB, which the engine's collector comes to after some 3,000 sessions: 9 MB if it never did.
    expect(sandbox.memoryUsed - before).toBeLessThan(5_000_000);
  });
});

describe('a script', () => {
  test('has no clock, no way out, no eval', () => {
    const names = ['Date', 'performance', 'setTimeout', 'process', 'require', 'fetch', 'eval', 'WebAssembly', 'Proxy'];
    expect(loggedOnce(...names.map((name) => `typeof ${name}`))).toEqual(names.map(() => 'undefined'));
  });

  test('can make functions of text, which see nothing more', () => {
    expect(loggedOnce("Function('return typeof process + typeof n')()")).toEqual(['undefinedundefined']);
  });

  test('sees the names that SCXML binds and can not bind them anew', () => {
    expect(loggedOnce('_sessionid', "In('nowhere')", '_ioprocessors.scxml.location', 'typeof _event')).toEqual([
      's0',
      'false',
      '#_scxml_s0',
      'undefined',
    ]);
    const [errors] = loggedBy('<state><onentry><assign location="_sessionid" expr="1"/></onentry></state>', 1);
    expect(errors).toEqual([expect.stringContaining("can't be assigned")]);
  });
});
