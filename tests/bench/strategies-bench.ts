/**
 * What a strategy's session costs as an SCXML document: time and memory of the shipped Engagement Logic, the same decision
 * written in code, a context of the engine for each session in the place of a closure, SCION where it is installed, and
 * what it all comes to in a simulated hour. Run it: `npm run bench:strategies`.
 */
import type { EngagementEffect, EngagementEvent, EngagementInput } from '#core/engagement/strategy-port.ts';
import { createSandbox, scriptEngine } from '#node/script-engine.ts';
import { readScxml } from '#strategies/scxml/read-document.ts';
import { ScxmlMachine, type ScxmlEffect } from '#strategies/scxml/scxml-machine.ts';
import { loadScenario } from '#testbed/load-scenario.ts';
import { createSimRun } from '#testbed/sim-run.ts';
import { Bench, leadOf } from '#tests/core/engagement/contact-center-bench.ts';
import { shippedEngagement } from '#tests/strategies/shipped-strategies.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 5);
const SESSIONS = Number(process.env['SESSIONS'] ?? 5_000);

const LEAD = leadOf('v1', 1_000);
const { decision } = new Bench().pacer.requestPermit('i1', 0);
const GRANTED: EngagementEvent = {
  type: 'permit',
  channel: 'proactiveChat',
  permit: { granted: true, decision },
  group: 'Web Engagement Chat',
};
const INPUT: EngagementInput = {
  interactionId: 'i1',
  lead: LEAD,
  attemptNumber: 1,
  userData: { rule: 'Cart', attempt_number: '1' },
  visitBusyWith: 'nothing',
  defaultChannel: null,
  channels: ['proactiveChat'],
  expiresAt: 31_000,
  resumed: null,
};

/** The same decisions, as code has them. */
function decideByHand(input: EngagementInput, at: number, out: EngagementEffect[]): void {
  if (at >= input.expiresAt) out.push({ type: 'noEngage', reason: 'expired', text: '' });
  else if (input.visitBusyWith === 'invite') out.push({ type: 'noEngage', reason: 'inviteOpen', text: '' });
  else if (input.visitBusyWith === 'chat') out.push({ type: 'noEngage', reason: 'chatOpen', text: '' });
  else if (!input.lead.onSite) out.push({ type: 'noEngage', reason: 'visitorGone', text: '' });
  else out.push({ type: 'fetchPermit', channel: 'proactiveChat' });
}

function sessionByDocument(): number {
  const out: EngagementEffect[] = [];
  const session = shippedEngagement.createSession(INPUT, 1_000);
  session.handle({ type: 'started' }, 1_000, out);
  session.handle(GRANTED, 1_000, out);
  session.close();
  return out.length;
}

function sessionByHand(): number {
  const out: EngagementEffect[] = [];
  decideByHand(INPUT, 1_000, out);
  out.push({ type: 'engage', channel: 'proactiveChat', userData: {}, registrationRequired: false }, { type: 'done' });
  return out.length;
}

/** Without any message to a service, so that SCION can run it too. */
const BOTH_RUN = `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript" initial="created">
  <datamodel><data id="known"/><data id="channels" expr="['proactiveChat']"/><data id="asking" expr="0"/></datamodel>
  <state id="created"><transition event="interaction.qualified" target="checking"><assign location="known" expr="_event.data"/></transition></state>
  <state id="checking">
    <transition cond="known.at &gt;= known.expiresAt" target="decided"/>
    <transition cond="known.visitBusyWith == 'invite'" target="decided"/>
    <transition cond="known.visitBusyWith == 'chat'" target="decided"/>
    <transition cond="!known.lead.onSite" target="decided"/>
    <transition target="pacing"/>
  </state>
  <state id="pacing"><onentry><raise event="ask"/></onentry><transition event="pacing.permit" cond="_event.data.granted" target="decided"/></state>
  <final id="decided"/>
</scxml>`;

const KNOWN = { at: 1_000, expiresAt: 31_000, visitBusyWith: 'nothing', lead: { onSite: true, url: LEAD.url } };

function documentSession(): () => number {
  const read = readScxml(BOTH_RUN);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const sandbox = createSandbox(read);
  const settings = { sessionId: 's', random: () => 0, services: null, failsOnError: true };
  return () => {
    const out: ScxmlEffect[] = [];
    const machine = new ScxmlMachine(read.value, sandbox, settings);
    machine.start(out);
    machine.deliver('interaction.qualified', { kind: 'json', json: JSON.stringify(KNOWN) }, out);
    machine.deliver('pacing.permit', { kind: 'json', json: '{"granted":true}' }, out);
    if (out.at(-1)?.type !== 'done') throw new Error('the document has not come to its end');
    return out.length;
  };
}

/** A context of the engine and nothing run in it. */
function bareContext(): number {
  const runtime = scriptEngine.newRuntime();
  const context = runtime.newContext();
  context.dispose();
  runtime.dispose();
  return 1;
}

/** Null where SCION is not installed: it is no dependency (ADR 0023). */
async function scionSession(): Promise<(() => number) | null> {
  const scion: unknown = await import(process.env['SCION'] ?? '@scion-scxml/scxml').catch(() => null);
  if (scion === null) return null;
  const scxml = (scion as { default: Scion }).default;
  const model = await new Promise<ScionModel>((resolve, reject) => {
    scxml.documentStringToModel('', BOTH_RUN, (error, made) => (error === null ? resolve(made) : reject(error)));
  });
  const prepared = await new Promise<unknown>((resolve, reject) => {
    model.prepare((error, made) => (error === null ? resolve(made) : reject(error)));
  });
  return () => {
    const session = new scxml.core.Statechart(prepared);
    session.start();
    session.gen({ name: 'interaction.qualified', data: { ...KNOWN } });
    const states = session.gen({ name: 'pacing.permit', data: { granted: true } });
    if (!JSON.stringify(states ?? session.getConfiguration()).includes('decided')) throw new Error('not decided');
    return 1;
  };
}

interface ScionModel {
  prepare(done: (error: Error | null, made: unknown) => void): void;
}

interface Scion {
  readonly core: {
    readonly Statechart: new (model: unknown) => {
      start(): void;
      gen(event: { readonly name: string; readonly data: unknown }): unknown;
      getConfiguration(): unknown;
    };
  };
  documentStringToModel(url: string, text: string, done: (error: Error | null, model: ScionModel) => void): void;
}

/** Microseconds of processor a session: each round's mean, the least one first. */
function measure(name: string, run: () => number, sessions = SESSIONS): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const cpu = process.cpuUsage();
    let made = 0;
    for (let index = 0; index < sessions; index += 1) made += run();
    const { user, system } = process.cpuUsage(cpu);
    if (made === 0) throw new Error('nothing was decided');
    return (user + system) / sessions;
  }).sort((one, other) => one - other);
  const [least = 0] = times;
  const median = times[Math.floor(times.length / 2)] ?? 0;
  console.log(`${name}: median ${median.toFixed(1)} us, least ${least.toFixed(1)} us a session`);
  return median;
}

function bytesOfOpenSession(): number {
  const read = readScxml(BOTH_RUN);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const sandbox = createSandbox(read);
  const settings = { sessionId: 's', random: () => 0, services: null, failsOnError: true };
  const open = (): void => {
    const machine = new ScxmlMachine(read.value, sandbox, settings);
    machine.start([]);
    machine.deliver('interaction.qualified', { kind: 'json', json: JSON.stringify(KNOWN) }, []);
  };
  open();
  const before = sandbox.memoryUsed;
  for (let index = 0; index < 1_000; index += 1) open();
  return (sandbox.memoryUsed - before) / 1_000;
}

/** An hour of the guide's example: processor time, and how much of it are sessions of strategies. */
function measureHour(sessionUs: number): void {
  const loaded = loadScenario('scenarios/guide-example.yaml', { set: ['warmup=0s'] });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const times = Array.from({ length: ROUNDS }, (_, round) => {
    const cpu = process.cpuUsage();
    const run = createSimRun(loaded.value, { seed: round + 1 });
    while (!run.finished) run.advanceTo(run.virtualMs + 900_000);
    const { hotLeads } = run.result().figures;
    const { user, system } = process.cpuUsage(cpu);
    return { seconds: (user + system) / 1e6, hotLeads };
  }).sort((one, other) => one.seconds - other.seconds);
  const median = times[Math.floor(times.length / 2)];
  if (median === undefined) return;
  const strategies = (median.hotLeads * sessionUs) / 1e6;
  console.log(
    `the guide's hour: ${median.seconds.toFixed(2)} s of processor with SCXML strategies, of which ${median.hotLeads} sessions ` +
      `take ${strategies.toFixed(2)} s: ${(median.seconds - strategies).toFixed(2)} s without (${((strategies / median.seconds) * 100).toFixed(1)} %)`,
  );
}

console.log(`${ROUNDS} rounds of ${SESSIONS} sessions, Node ${process.version}`);
const ours = measure('the shipped Engagement Logic', sessionByDocument);
const byHand = measure('the same in code', sessionByHand);
console.log(`document to code: ${(ours / Math.max(byHand, 0.01)).toFixed(0)} to 1`);
const small = measure('the small document', documentSession());
measure('a runtime and context of its own, with nothing run in it', bareContext, SESSIONS / 10);
const scion = await scionSession();
if (scion === null)
  console.log('SCION is not installed: npm install --no-save @scion-scxml/scxml, or SCION=path of its lib');
else
  console.log(
    `SCION to ours: ${(measure('the small document by SCION', scion, SESSIONS / 10) / small).toFixed(1)} to 1`,
  );
console.log(`an open session: ${bytesOfOpenSession().toFixed(0)} bytes of the engine's memory`);
measureHour(ours);
