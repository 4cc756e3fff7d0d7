/**
 * Loads a scenario with everything that it names: site, rules, categories, rates and options. One call finds every fault of
 * all those files, so that nobody mends them one by one.
 */
import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { Category } from '#core/categories/category.ts';
import { fail, succeed, type Problem, type Result } from '#core/result.ts';
import type { RulePackage } from '#core/rules/rule-package.ts';
import { parseCategories } from '#protocol/category-file.ts';
import { createRateSteps } from '#protocol/rate-profile.ts';
import { parseRulePackage } from '#protocol/rule-package-file.ts';
import { parseRuleTemplates, type RuleTemplate } from '#protocol/rule-template-file.ts';
import { readScenarioFile, type FileReference, type ScenarioDocument } from '#protocol/scenario-file.ts';
import type { ScenarioFile } from '#protocol/scenario-file-schema.ts';
import type { RateStep, Scenario, ScenarioStrategies, Threshold, Traffic } from '#protocol/scenario.ts';
import { parseSite } from '#protocol/site-file.ts';
import { parseCountSlice } from '#testbed/load-scenario-csv.ts';
import { reportForeignPackages } from '#testbed/load-scenario-domains.ts';
import { checkScenarioOptions } from '#testbed/load-scenario-options.ts';
import { loadStrategies } from '#testbed/load-scenario-strategies.ts';
import { parseOverrides, type GivenOverrides } from '#testbed/load-scenario-overrides.ts';
import { parseThreshold } from '#testbed/thresholds.ts';

/** Loads `file`; files that it names are looked for beside it. Reads the disk and nothing else of the machine. */
export function loadScenario(file: string, given: GivenOverrides = {}): Result<Scenario, Problem> {
  const overrides = parseOverrides(given);
  const text = readText(file);
  if (!text.ok || !overrides.ok) {
    const missing = text.ok ? [] : [{ file, line: 0, column: 0, path: '', message: text.message }];
    return fail([...missing, ...(overrides.ok ? [] : overrides.problems)]);
  }
  const document = readScenarioFile(text.text, file, overrides.value);
  const loaded = loadReferences(document, dirname(file));
  const options = checkScenarioOptions(document);
  if (options.domainSeparation) reportForeignPackages(loaded.packages, loaded.site, document);
  const thresholds = parseThresholds(document, loaded, options.queues);
  const { value, startsAt, problems } = document;
  if (problems.length > 0 || loaded.problems.length > 0) return fail([...problems, ...loaded.problems]);
  if (value === undefined || startsAt === undefined || loaded.site === undefined || loaded.visits === undefined) {
    throw new Error('assertion failed: a scenario without a problem is whole');
  }
  return succeed(buildScenario(value, { ...loaded, site: loaded.site, visits: loaded.visits, startsAt, thresholds }));
}

interface Loaded {
  readonly site: Scenario['site'] | undefined;
  readonly rules: readonly RulePackage[];
  /** The same as the scenario names them; undefined: it could not be read. */
  readonly packages: readonly (RulePackage | undefined)[];
  /** Undefined where a package could not be read. */
  readonly ruleNames: readonly string[] | undefined;
  readonly categories: readonly Category[];
  readonly visits: readonly RateStep[] | undefined;
  readonly strategies: ScenarioStrategies;
  /** Faults inside the named files; those of the references themselves stand with the scenario's. */
  readonly problems: readonly Problem[];
}

function loadReferences(document: ScenarioDocument, folder: string): Loaded {
  const { references } = document;
  const problems: Problem[] = [];
  const load = <T>(reference: FileReference | undefined, parse: (text: string, file: string) => Result<T, Problem>) => {
    if (reference === undefined) return undefined;
    const file = isAbsolute(reference.name) ? reference.name : join(folder, reference.name);
    const text = readText(file);
    if (!text.ok) {
      document.report(reference.path, `${text.message}: ${file}`);
      return undefined;
    }
    const parsed = parse(text.text, file);
    if (parsed.ok) return parsed.value;
    problems.push(...parsed.problems);
    return undefined;
  };
  const site = load(references.site, parseSite);
  const templates = loadTemplates(document, load);
  // Where a template file is at fault, every rule that uses one would be too.
  const packages = references.rules.map((reference) =>
    templates === undefined
      ? undefined
      : load(reference, (packageText, file) => parseRulePackage(packageText, file, { templates })),
  );
  const rules = packages.filter((rulePackage) => rulePackage !== undefined);
  reportTwinPackages(packages, document);
  reportTwinRules(packages, document);
  const ruleNames = rules.flatMap((rulePackage) => rulePackage.rules.map((rule) => rule.name));
  return {
    site,
    rules,
    packages,
    ruleNames: rules.length === packages.length && packages.length > 0 ? ruleNames : undefined,
    categories: load(references.categories, parseCategories) ?? [],
    visits: loadVisits(document, load),
    strategies: loadStrategies(references.strategies, load),
    problems,
  };
}

/** The templates of all template files, by names that come once; undefined where one of the files is at fault. */
function loadTemplates(document: ScenarioDocument, load: Load): readonly RuleTemplate[] | undefined {
  const files = document.references.templates.map((reference) => ({
    reference,
    templates: load(reference, parseRuleTemplates),
  }));
  const owners = new Map<string, string>();
  let isWhole = true;
  for (const { reference, templates } of files) {
    isWhole &&= templates !== undefined;
    for (const { name } of templates ?? []) {
      const owner = owners.get(name);
      if (owner !== undefined) document.report(reference.path, `its template "${name}" is in ${owner} too`);
      owners.set(name, owner ?? reference.name);
    }
  }
  return isWhole ? files.flatMap(({ templates }) => templates ?? []) : undefined;
}

function reportTwinPackages(packages: readonly (RulePackage | undefined)[], document: ScenarioDocument): void {
  const names = packages.map((rulePackage) => rulePackage?.name);
  names.forEach((name, index) => {
    if (name === undefined || names.indexOf(name) === index) return;
    document.report(['rules', index], `the rule package "${name}" is there twice`);
  });
}

/** Figures tell rules apart by their names alone. */
function reportTwinRules(packages: readonly (RulePackage | undefined)[], document: ScenarioDocument): void {
  const owners = new Map<string, RulePackage>();
  packages.forEach((rulePackage, index) => {
    for (const { name } of rulePackage?.rules ?? []) {
      const owner = owners.get(name);
      if (rulePackage === undefined || owner?.name === rulePackage.name) continue;
      if (owner === undefined) owners.set(name, rulePackage);
      else document.report(['rules', index], `its rule "${name}" is in "${owner.name}" too: rules are counted by name`);
    }
  });
}

type Load = <T>(
  reference: FileReference | undefined,
  parse: (text: string, file: string) => Result<T, Problem>,
) => T | undefined;

/** The arrival rate over time, whatever form the traffic is written in; undefined where it or its file is at fault. */
function loadVisits(document: ScenarioDocument, load: Load): readonly RateStep[] | undefined {
  const { traffic } = document;
  if (traffic === undefined) return undefined;
  if ('visitsPerHour' in traffic) return [{ atMs: 0, visitsPerHour: traffic.visitsPerHour }];
  if ('profile' in traffic) {
    return traffic.profile.map(({ at, visitsPerHour }) => ({ atMs: at, visitsPerHour }));
  }
  const slice = { column: traffic.column, everyMs: traffic.every, fromMs: traffic.from, forMs: traffic.for };
  const counts = load(document.references.csv, (text, file) => parseCountSlice(text, file, slice));
  if (counts === undefined) return undefined;
  const { every: everyMs, average: averageMs = everyMs, scale, unit, pageViewsPerVisit } = traffic;
  reportShortSlice(counts.length * everyMs, document);
  const steps = createRateSteps({ counts, everyMs, averageMs, scale, unit, pageViewsPerVisit });
  if (steps.some((step) => step.visitsPerHour > 0)) return steps;
  document.report(['traffic', 'csv'], 'expected at least one interval with a count above 0');
  return undefined;
}

function reportShortSlice(sliceMs: number, document: ScenarioDocument): void {
  const scenario = document.value;
  if (scenario === undefined || sliceMs >= scenario.warmup + scenario.duration) return;
  const run = `${(scenario.warmup + scenario.duration) / 60_000} minutes of warm-up and duration`;
  document.report(['traffic', 'csv'], `expected counts for ${run}, got ${sliceMs / 60_000} minutes of them`);
}

function parseThresholds(
  document: ScenarioDocument,
  loaded: Loaded,
  queues: readonly string[] | undefined,
): readonly Threshold[] {
  const names = { groups: document.groupNames, rules: loaded.ruleNames, queues };
  return document.thresholds.flatMap(({ text, path }) => {
    const threshold = parseThreshold(text, names);
    if (threshold.ok) return [threshold.value];
    document.report(path, threshold.message);
    return [];
  });
}

type Parts = Omit<Loaded, 'problems' | 'ruleNames' | 'packages'> & {
  readonly site: Scenario['site'];
  readonly visits: readonly RateStep[];
  readonly startsAt: number;
  readonly thresholds: readonly Threshold[];
};

function buildScenario(file: ScenarioFile, parts: Parts): Scenario {
  const { visitors, fidelity, cluster, options } = file;
  return {
    name: file.name,
    about: file.about,
    seed: file.seed,
    startsAt: parts.startsAt,
    timeZone: file.timeZone,
    warmupMs: file.warmup,
    durationMs: file.duration,
    traffic: buildTraffic(file, parts.visits),
    site: parts.site,
    rules: parts.rules,
    categories: parts.categories,
    groups: file.groups,
    visitors: {
      acceptShare: visitors.acceptShare,
      rejectShare: visitors.rejectShare,
      responseTime: visitors.responseTime,
      inviteTimeoutMs: visitors.inviteTimeout,
      patience: visitors.patience,
      registration: visitors.registration ?? null,
      ...(visitors.callback === undefined ? {} : { callback: visitors.callback }),
      reactive: visitors.reactive ?? null,
    },
    pacedBy: file.pacedBy,
    ledgerResetMinute: file.ledgerReset,
    strategies: parts.strategies,
    options,
    fidelity,
    cluster,
    faults: file.faults.toSorted((earlier, later) => earlier.atMs - later.atMs),
    whatIf: file.whatIf.toSorted((earlier, later) => earlier.atMs - later.atMs),
    captions: file.captions
      .map(({ at, text }) => ({ atMs: at, text }))
      .sort((earlier, later) => earlier.atMs - later.atMs),
    thresholds: parts.thresholds,
  };
}

function buildTraffic(file: ScenarioFile, visits: readonly RateStep[]): Traffic {
  const { traffic } = file;
  const visitDepth =
    'visitsPerHour' in traffic ? traffic.pageViewsPerHour / traffic.visitsPerHour : traffic.pageViewsPerVisit;
  return { visits, visitDepth, pageEvents: traffic.pageEvents, visitEvents: traffic.visitEvents };
}

type FileText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };

function readText(file: string): FileText {
  try {
    return { ok: true, text: readFileSync(file, 'utf8') };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { ok: false, message: 'no such file' };
    if (code === 'EISDIR') return { ok: false, message: 'expected a file, found a folder' };
    if (code === 'EACCES' || code === 'EPERM') return { ok: false, message: 'the file may not be read' };
    throw error;
  }
}
