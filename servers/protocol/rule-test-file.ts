/**
 * Rule test files: YAML or JSON, strict, version 1: what visitors do (`given`) and what rules make of it (`expect`). Which files
 * a test is about stands in it, relative to it; every fault is told with its path and line.
 *
 *   version: 1
 *   packages: [rules.yaml]
 *   categories: categories.yaml
 *   cases:
 *     - name: three products in ten minutes
 *       given:
 *         - { at: +0s, enters: product }
 *         - { at: +1m, enters: { url: /products/stove, title: Stove } }
 *         - { at: +2m, enters: product }
 *       expect:
 *         fires: [{ rule: Compares products, at: +2m, matched: [e1, e2, e3] }]
 */
import { fail, succeed, type Problem, type Result } from '#core/result.ts';
import type { RuleTestFile } from '#protocol/rule-test.ts';
import { ruleTestFileSchema } from '#protocol/rule-test-file-schema.ts';
import { parseOffset } from '#protocol/rule-test-file-offset.ts';
import { checkDocument, type DocumentPath } from '#protocol/scenario-file-document.ts';
import { isRecord } from '#protocol/scenario-file-fields.ts';

export interface ParsedRuleTestFile {
  readonly value: RuleTestFile;
  /** A fault of the file that is found with the packages at hand. */
  readonly problemAt: (path: DocumentPath, message: string) => Problem;
}

/** Parses a rule test file; `file` is only named in problems. */
export function parseRuleTestFile(text: string, file: string): Result<ParsedRuleTestFile, Problem> {
  const { raw, value, problems, report, problemAt } = checkDocument(text, file, ruleTestFileSchema);
  if (raw !== undefined) checkCases(raw, report);
  if (value === undefined || problems.length > 0) {
    return fail(problems.toSorted((a, b) => a.line - b.line || a.column - b.column));
  }
  const { packages, categories, templates, cases, startsAt, site } = value;
  return succeed({
    value: {
      packages,
      categories: categories ?? null,
      templates,
      cases: cases.map((one) => ({
        name: one.name,
        startsAt: one.startsAt ?? startsAt,
        site,
        rules: one.rules ?? null,
        given: one.given.map(({ atMs, event }, index) => ({
          atMs,
          event: event === null ? null : { ...event, id: event.id ?? `e${index + 1}` },
        })),
        expect: one.expect,
      })),
    },
    problemAt,
  });
}

type Report = (path: DocumentPath, message: string) => void;

/** What stands across keys, found on what was written: faults elsewhere hide none of it. */
function checkCases(raw: unknown, report: Report): void {
  if (!isRecord(raw)) return;
  const cases: unknown[] = Array.isArray(raw['cases']) ? raw['cases'] : [];
  const names = cases.map((one) => (isRecord(one) ? one['name'] : undefined));
  reportTwins(names, (index) => ['cases', index, 'name'], 'the case', report);
  cases.forEach((one, index) => {
    if (!isRecord(one)) return;
    const given: unknown[] = Array.isArray(one['given']) ? one['given'] : [];
    const ids = checkGiven(given, ['cases', index, 'given'], report);
    checkExpected(one['expect'], ids, ['cases', index, 'expect'], report);
  });
}

/** The ids of the steps that are events. */
function checkGiven(given: readonly unknown[], path: DocumentPath, report: Report): ReadonlySet<unknown> {
  let latest = -Infinity;
  given.forEach((step, index) => {
    const at = isRecord(step) ? parseOffset(step['at']) : undefined;
    if (at === undefined) return;
    if (at < latest)
      report([...path, index, 'at'], 'expected steps in the order of their times: this one lies before the one above');
    latest = Math.max(latest, at);
  });
  const ids = given.map((step, index) => {
    if (!isRecord(step) || Object.keys(step).every((key) => key === 'at')) return undefined;
    return step['id'] ?? `e${index + 1}`;
  });
  reportTwins(ids, (index) => [...path, index, 'id'], 'the event', report);
  return new Set(ids);
}

function checkExpected(expect: unknown, ids: ReadonlySet<unknown>, path: DocumentPath, report: Report): void {
  const fires: unknown = isRecord(expect) ? expect['fires'] : undefined;
  (Array.isArray(fires) ? fires : []).forEach((firing: unknown, index) => {
    const matched: unknown = isRecord(firing) ? firing['matched'] : undefined;
    (Array.isArray(matched) ? matched : []).forEach((id: unknown, place) => {
      if (typeof id !== 'string' || ids.has(id)) return;
      report(
        [...path, 'fires', index, 'matched', place],
        `no event "${id}" is given; without an id of its own the n-th step is e<n>`,
      );
    });
  });
}

function reportTwins(
  names: readonly unknown[],
  pathOf: (index: number) => DocumentPath,
  what: string,
  report: Report,
): void {
  names.forEach((name, index) => {
    if (typeof name === 'string' && names.indexOf(name) !== index)
      report(pathOf(index), `${what} "${name}" is there twice`);
  });
}
