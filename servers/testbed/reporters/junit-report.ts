/**
 * `junit.xml`: one case a threshold with its measured value, in the form that CI servers read (the schema of Jenkins' JUnit
 * plug-in: testsuites, testsuite, testcase, failure, properties, system-out).
 */
import type { RunTiming } from '#testbed/run-result.ts';
import { describeObserved, describeSeeds, listOutcomes, type OutcomeView } from '#testbed/reporters/outcome-text.ts';
import type { Summary } from '#testbed/summary.ts';

/** The whole file; `timing` gives the suite its time in wall seconds. */
export function renderJunit(summary: Summary, timing: RunTiming): string {
  const outcomes = listOutcomes(summary);
  const failures = outcomes.filter((outcome) => !outcome.pass).length;
  const counts = { tests: outcomes.length, failures, errors: 0, skipped: 0, time: (timing.runMs / 1000).toFixed(3) };
  const suite = [
    element('properties', {}, [
      property('mode', summary.mode),
      property('seeds', describeSeeds(summary)),
      property('simulatedSeconds', String(summary.simulatedSeconds)),
      property('windowSeconds', String(summary.windowSeconds)),
    ]),
    ...outcomes.map((outcome) => renderCase(summary.scenario, outcome)),
  ];
  const document = element('testsuites', { name: 'engage run', ...counts }, [
    element('testsuite', { name: summary.scenario, ...counts }, suite),
  ]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${document}\n`;
}

function renderCase(scenario: string, outcome: OutcomeView): string {
  const observed = describeObserved(outcome);
  const content = [
    element('properties', {}, [property('observed', outcome.value === null ? 'no data' : String(outcome.value))]),
  ];
  if (!outcome.pass) {
    const message = `expected ${outcome.expression}, observed ${observed}`;
    content.push(element('failure', { type: 'threshold', message }, []));
  }
  content.push(`<system-out>${escapeXml(`observed ${observed}`)}</system-out>`);
  return element('testcase', { classname: scenario, name: outcome.expression }, content);
}

/** A property of a suite or case, for `properties`. */
export function property(name: string, value: string): string {
  return element('property', { name, value }, []);
}

/** An element of the file; its content is markup already, attributes are escaped. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: readonly string[],
): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join('');
  if (content.length === 0) return `<${name}${written}/>`;
  const inner = content.flatMap((child) => child.split('\n')).map((line) => `  ${line}`);
  return `<${name}${written}>\n${inner.join('\n')}\n</${name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** XML 1.0 knows no way to write most control characters and lone surrogates: they become U+FFFD; line ends are written as references. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)
    .replace(/[\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
