/**
 * The W3C's tests of SCXML for the ECMAScript data model, all that need no person to judge them. What passes is asserted
 * exactly: a test that begins to fail is noticed, and so is one that begins to pass.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runDocument } from './run-document.ts';

const FOLDER = join(import.meta.dirname, 'w3c');

/** From the manifest of the tests; every other test in the folder is mandatory. */
const OPTIONAL =
  '193 201 278 444 445 446 448 449 451 452 453 456 457 459 460 509 510 518 519 520 522 531 532 534 557 558 560 561 562 567 569 577 578'.split(
    ' ',
  );

/** All about the Basic HTTP event processor, which is optional and which a strategy has no use for (ADR 0023). */
const NOT_PASSING = '201 509 510 518 519 520 522 531 532 534 567 577'.split(' ');

function resolve(address: string): string | undefined {
  const name = address.replace(/^file:/, '');
  return /^test\w+\.(txt|scxml)$/.test(name) ? readFileSync(join(FOLDER, name), 'utf8') : undefined;
}

/** What the document logs last as its outcome; a document that logs none gives its last effects. */
function outcomeOf(id: string): string {
  const { logged, effects } = runDocument(readFileSync(join(FOLDER, `test${id}.scxml`), 'utf8'), { resolve });
  return logged('Outcome').at(-1) ?? JSON.stringify(effects.slice(-3));
}

const ids = readdirSync(FOLDER)
  .flatMap((name) => /^test(\d+[a-c]?)\.scxml$/.exec(name)?.[1] ?? [])
  .sort();

test('the folder holds 160 mandatory and 33 optional tests', () => {
  expect(ids.filter((id) => !OPTIONAL.includes(id))).toHaveLength(160);
  expect(ids.filter((id) => OPTIONAL.includes(id))).toEqual(OPTIONAL);
});

test.each(ids.filter((id) => !NOT_PASSING.includes(id)))('W3C test %s passes', (id) => {
  expect(outcomeOf(id)).toBe('pass');
});

test.each(NOT_PASSING)('W3C test %s, of the HTTP processor, does not pass', (id) => {
  expect(OPTIONAL).toContain(id);
  expect(outcomeOf(id)).not.toBe('pass');
});
