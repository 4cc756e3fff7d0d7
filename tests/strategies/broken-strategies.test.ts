/** A strategy that is broken fails its own interaction, with the reason; the node and the other interactions go on. */
import { describe, expect, test } from 'vitest';
import { scriptEngine } from '#node/script-engine.ts';
import { readStrategy } from '#strategies/strategy-file.ts';
import { Bench } from '../core/engagement/contact-center-bench.ts';
import { engagementOf } from './shipped-strategies.ts';

const BEGIN = 1_000_000;

/** A strategy that does `breaks` for the first visit and engages every other one. */
function strategyThat(breaks: string): string {
  return `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript">
  <state id="begin">
    <transition event="interaction.qualified" cond="_event.data.lead.visitID == 'v1'" target="broken"/>
    <transition event="interaction.qualified" target="well"/>
  </state>
  <state id="broken">
    <onentry>${breaks}</onentry>
    <transition event="again"><raise event="again"/></transition>
  </state>
  <state id="well">
    <onentry><send type="webengagement" target="gateway/engage"/></onentry>
  </state>
</scxml>`;
}

function refusalOf(text: string): string | null {
  const bench = new Bench({}, undefined, { engagement: engagementOf(text) });
  bench.login('a1', 1, BEGIN);
  bench.lead('v1', BEGIN);
  bench.lead('v2', BEGIN + 1);
  expect(bench.path('v1')).toEqual(['Qualified', 'Failed:strategyFailed']);
  expect(bench.path('v2')).toEqual(['Qualified', 'Engaged']);
  const failed = bench.facts.find((fact) => fact.kind === 'interactionMoved' && fact.to === 'Failed');
  return failed?.kind === 'interactionMoved' ? failed.text : null;
}

describe('a strategy fails its interaction and no other when', () => {
  test.each<[string, string, RegExp]>([
    ['a script never ends', '<script>for (;;);</script>', /^it does not come to rest: a script/],
    [
      'a script catches everything and never ends',
      '<script>for (;;) try { for (;;); } catch (error) { error; }</script>',
      /^it does not come to rest: a script/,
    ],
    [
      'a regular expression goes back and forth',
      `<log expr="/(a+)+$/.test('a'.repeat(40) + 'b')"/>`,
      /^it does not come to rest: a script/,
    ],
    [
      'a script eats the memory',
      '<script>var all = []; for (;;) all = [all, new Array(10000).fill(all)];</script>',
      /^it takes too much memory/,
    ],
    ['it sends itself events for ever', '<raise event="again"/>', /^it does not come to rest: /],
    [
      'an expression fails',
      '<log expr="nowhere.at.all"/>',
      /^an error that it does not handle: error.execution: .*nowhere/,
    ],
    ['it calls itself too deep', '<log expr="(function f() { return f() + 1; })()"/>', /stack overflow/],
    ['a text would be repeated without an end', `<log expr="'x'.repeat(1e9)"/>`, /expected at most 10000 characters/],
    [
      'a built-in function would go on for ever',
      '<log expr="[].indexOf.call({ length: 9007199254740991 }, 1)"/>',
      /expected at most 100000 items/,
    ],
    [
      'a message has what its service does not know',
      `<send type="webengagement" target="gateway/engage"><param name="chanel" expr="1"/></send>`,
      /chanel is not known here/,
    ],
    [
      'a reason is none',
      `<send type="webengagement" target="gateway/noengage"><param name="reason" expr="'bad mood'"/></send>`,
      /reason "bad mood": expected noPermit, /,
    ],
    [
      'a target that is computed is none',
      `<send type="webengagement" targetexpr="'gate'"/>`,
      /target gate: expected gateway/,
    ],
    ['a script makes a promise', '<script>(async () => { await 1; })();</script>', /expected a delayed/],
  ])('%s', (_when, breaks, expected) => {
    expect(refusalOf(strategyThat(breaks))).toMatch(expected);
  });

  test('eventless transitions go round and round', () => {
    const round = strategyThat('').replace('<onentry></onentry>', '<transition target="broken"/>');
    expect(refusalOf(round)).toBe('it does not come to rest: it did not come to rest in 20000 steps');
  });
});

test('an error that the document handles does not fail it', () => {
  const text = strategyThat('<log expr="nowhere.at.all"/>').replace(
    '<state id="broken">',
    '<state id="broken"><transition event="error.execution" target="well"/>',
  );
  const bench = new Bench({}, undefined, { engagement: engagementOf(text) });
  bench.login('a1', 1, BEGIN);
  bench.lead('v1', BEGIN);
  expect(bench.path('v1')).toEqual(['Qualified', 'Engaged']);
});

test('a delayed send is a wait of the simulation, and cancel takes it back', () => {
  const text = strategyThat(`<send event="late" delay="5s" id="late"/><send event="early" delay="2s"/>`).replace(
    '<state id="broken">',
    `<state id="broken">
    <transition event="early"><cancel sendid="late"/><send event="end" delay="10s"/></transition>
    <transition event="late"><script>throw new Error('it was cancelled');</script></transition>
    <transition event="end" target="well"/>`,
  );
  const bench = new Bench({}, undefined, { engagement: engagementOf(text) });
  bench.login('a1', 1, BEGIN);
  bench.lead('v1', BEGIN);
  bench.ringUntil(BEGIN + 11_999);
  expect(bench.path('v1')).toEqual(['Qualified']);
  bench.ringUntil(BEGIN + 12_000);
  expect(bench.path('v1')).toEqual(['Qualified', 'Engaged']);
});

test('all faults of a document are found at once, each at its place', () => {
  const text = `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript">
  <datamodel><data id="_event"/><data id="n" expr="1 +"/></datamodel>
  <state id="one" inital="two">
    <onentry>
      <send type="webengagement" target="gateway/engag"/>
      <send event="x" delay="soon"/>
      <asign location="n" expr="2"/>
    </onentry>
    <transition event="a" target="nowhere"/>
    <transition/>
  </state>
</scxml>`;
  const read = readStrategy(text, 'own.scxml', 'engagement', scriptEngine);
  expect(
    read.ok ? [] : read.problems.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`),
  ).toEqual([
    "own.scxml:2:20 _event is the platform's: expected another name",
    'own.scxml:3:19 attribute inital of <state>: expected id, initial',
    'own.scxml:6:23 delay soon: expected a time such as 500ms or 1.5s',
    'own.scxml:7:7 <asign> in <onentry>: expected <raise>, <if>, <foreach>, <log>, <assign>, <script>, <send>, <cancel>',
    'own.scxml:9:27 nowhere is no state of this document: expected the id of one',
    'own.scxml:10:5 <transition>: expected event, cond or target',
  ]);
});

test('what only a compiler sees is told once the structure is right: expressions and targets', () => {
  const text = strategyThat(`
      <log expr="1 +"/>
      <script>
        var x = {;
      </script>
      <send type="webengagement" target="gateway/engag"/>`);
  const read = readStrategy(text, 'own.scxml', 'engagement', scriptEngine);
  expect(read.ok ? [] : read.problems.map(({ line, message }) => `${line} ${message}`)).toEqual([
    expect.stringMatching(/^8 SyntaxError/),
    expect.stringMatching(/^9 SyntaxError/),
    '12 target gateway/engag: expected gateway/engage, gateway/noengage, pacing/permit, history/visit, userdata/attach',
  ]);
});

test.each([
  ['a document type', '<!DOCTYPE scxml [<!ENTITY a "b">]>\n<scxml/>', /a document type declaration is not taken/],
  ['an entity of its own', '<scxml>&own;</scxml>', /entity/],
  ['XML that is broken off', '<scxml><state>', /unclosed tag/],
  ['nothing', '', /must contain a root element/],
  ['a billion levels', `<scxml>${'<state>'.repeat(200)}`, /expected at most 100 levels/],
])('%s is refused', (_what, text, expected) => {
  const read = readStrategy(text, 'own.scxml', 'engagement', scriptEngine);
  expect(read.ok ? '' : read.problems.map(({ message }) => message).join('\n')).toMatch(expected);
});
