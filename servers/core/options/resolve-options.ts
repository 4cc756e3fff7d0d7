/**
 * From given options to the options in force: places them, reads each by its kind, fills in what is absent, and checks what
 * belongs together. Everything wrong is found in one go. Under `fidelity: faithful` a wrong value becomes what the original
 * would have taken, where the guide says it; where it doesn't, it is refused as under `improved`.
 */
import { assert, present } from '../assert.ts';
import { fail, succeed, type Result } from '../result.ts';
import type { Fidelity, GivenOptions } from './given-options.ts';
import { findRelations, type RelationFinding } from './option-relations.ts';
import { OPTION_READERS, readersOf, type OptionReaders } from './option-readers.ts';
import { ENDPOINT_FAMILY, OPTIONS } from './option-table.ts';
import { describeInvalidHandling, type Option } from './option.ts';
import { placeGiven, type OptionProblem, type Placed } from './place-given.ts';
import {
  endpointPath,
  ResolvedOptions,
  type OptionEntry,
  type OptionNote,
  type OptionOrigin,
} from './resolved-options.ts';
import type { RawValue } from './value-kind.ts';

export interface ResolveContext {
  readonly fidelity: Fidelity;
  /** Which code reads which option; the list of this version unless a test says otherwise. */
  readonly readers?: OptionReaders;
}

const RETENTION = /^service:wmdb\/wmdb\.retention\.entity\./;
const RETENTION_OF_ALL = 'service:wmdb/wmdb.retention.entity.all';
const QUEUE_KEY = 'service:wes/wes.connector.chatServer.queueKey';
const CHAT_QUEUE = 'service:wes/wes.connector.chatServer.queueWebengagement';

/** The options in force, or every problem of `given`. */
export function resolveOptions(given: GivenOptions, context: ResolveContext): Result<ResolvedOptions, OptionProblem> {
  return new Resolution(given, context).finish();
}

/** What is gathered on the way; lives for one call. */
class Resolution {
  readonly #fidelity: Fidelity;
  readonly #readers: OptionReaders;
  readonly #entries = new Map<string, OptionEntry>();
  readonly #problems: OptionProblem[];
  readonly #notes: OptionNote[] = [];
  /** Paths with a wrong value: what they take part in is not judged. */
  readonly #faulty = new Set<string>();

  constructor(given: GivenOptions, context: ResolveContext) {
    this.#fidelity = context.fidelity;
    this.#readers = context.readers ?? OPTION_READERS;
    const placed = placeGiven(given);
    this.#problems = [...placed.problems];
    for (const option of OPTIONS) {
      if (option.path === ENDPOINT_FAMILY) this.#resolveEndpoints(option, placed.endpoints);
      else this.#resolve(option, option.path, placed.byPath.get(option.path));
    }
    this.#takeProvisionedQueue();
  }

  finish(): Result<ResolvedOptions, OptionProblem> {
    const options = new ResolvedOptions(this.#fidelity, [...this.#entries.values()], this.#notes);
    for (const finding of findRelations(options)) {
      if (finding.involves.some((path) => this.#faulty.has(path))) continue;
      if (finding.severity === 'problem') this.#problems.push(this.#problemOf(finding));
      else this.#note('warning', finding.path, finding.message);
    }
    return this.#problems.length > 0 ? fail(withoutTwins(this.#problems)) : succeed(options);
  }

  #resolve(option: Option, path: string, placed: Placed | undefined): void {
    if (placed === undefined) {
      this.#fillIn(option, path);
      return;
    }
    const origin: OptionOrigin = { from: 'given', section: placed.section, name: placed.name };
    const reading = option.kind.read(placed.raw);
    if (reading.ok) {
      this.#add(option, path, option.kind.write(reading.value), origin);
      if (reading.spelling !== undefined) this.#note('spelling', path, reading.spelling);
    } else if (this.#fidelity === 'faithful' && option.ifInvalid.original === 'replaces') {
      const { value, says } = option.ifInvalid;
      this.#add(option, path, value, { from: 'original' });
      const wrong = `${showValue(option, placed.raw)} is wrong (expected ${option.kind.valid})`;
      this.#note('faithful', path, `${wrong}; as the original does, ${says} is taken`);
    } else {
      this.#faulty.add(path);
      this.#add(option, path, option.default, origin);
      this.#problems.push({
        section: placed.section,
        name: placed.name,
        message: describeWrongValue(option, placed.raw, reading.why),
      });
    }
    if (readersOf(option.path, this.#readers).length === 0) {
      this.#note('unread', path, 'it is given and checked, but no code of this version reads it yet');
    }
  }

  #fillIn(option: Option, path: string): void {
    const isRead = readersOf(option.path, this.#readers).length > 0;
    if (this.#fidelity === 'faithful' && option.absentInOriginal !== undefined) {
      this.#add(option, path, option.absentInOriginal, { from: 'original' });
      const taken = showValue(option, option.absentInOriginal);
      if (isRead) this.#note('faithful', path, `it is absent; as the original does, ${taken} is taken`);
      return;
    }
    this.#add(option, path, this.#defaultOf(option), { from: 'default' });
    if (!isRead) return;
    if (option.absentInOriginal !== undefined) {
      const original = showValue(option, option.absentInOriginal);
      this.#note(
        'deviation',
        path,
        `it is absent: ${showValue(option, option.default)} holds, where the original takes ${original}`,
      );
    }
    // A token that an installation replaces is nothing that the original does.
    if (option.defaultDiffers !== undefined && option.guideDefault?.endsWith('_PLACEHOLDER') !== true) {
      const printed = JSON.stringify(option.guideDefault ?? '');
      this.#note(
        'deviation',
        path,
        `the default is ${showValue(option, option.default)}, not ${printed}: ${option.defaultDiffers}`,
      );
    }
  }

  /** An entity without a retention of its own is kept as long as all (guide L3664); `all` stands before them in the table. */
  #defaultOf(option: Option): RawValue {
    if (!RETENTION.test(option.path) || option.path === RETENTION_OF_ALL) return option.default;
    return present(this.#entries.get(RETENTION_OF_ALL), 'retention of all').raw;
  }

  /** The end points given, and `webme` of the tenant that queueKey names, which provisioning makes (guide L1402-1405); queueKey stands before. */
  #resolveEndpoints(family: Option, given: ReadonlyMap<string, Placed>): void {
    const provisioned = String(present(this.#entries.get(QUEUE_KEY), 'queueKey').value);
    for (const [key, placed] of given) this.#resolve(family, endpointPath(key), placed);
    if (provisioned.endsWith(':webme') && !given.has(provisioned)) this.#fillIn(family, endpointPath(provisioned));
  }

  /** The guide prints the chat queue with another capital than provisioning gives it: the name of the end point's queue holds. */
  #takeProvisionedQueue(): void {
    const key = String(present(this.#entries.get(QUEUE_KEY), 'queueKey').value);
    const queue = this.#entries.get(endpointPath(key))?.raw;
    const entry = present(this.#entries.get(CHAT_QUEUE), 'chat queue');
    if (typeof queue !== 'string' || entry.raw === queue) return;
    if (String(entry.raw).toLowerCase() !== queue.toLowerCase()) return;
    this.#add(entry.option, CHAT_QUEUE, queue, entry.origin);
    const message = `"${String(entry.raw)}" is taken for "${queue}", the queue of the end point ${key}: names count letter by letter`;
    this.#note('warning', CHAT_QUEUE, message);
  }

  #add(option: Option, path: string, raw: RawValue, origin: OptionOrigin): void {
    const reading = option.kind.read(raw);
    assert(reading.ok, `${path} takes ${showValue(option, raw)} as a value of its own`);
    this.#entries.set(path, { path, option, value: reading.value, raw: option.kind.write(reading.value), origin });
  }

  #note(kind: OptionNote['kind'], path: string, message: string): void {
    this.#notes.push({ kind, path, message });
  }

  /** At what was given: the option itself, else another that takes part. */
  #problemOf(finding: RelationFinding): OptionProblem {
    for (const path of [finding.path, ...finding.involves]) {
      const origin = this.#entries.get(path)?.origin;
      if (origin?.from === 'given') return { section: origin.section, name: origin.name, message: finding.message };
    }
    const slash = finding.path.lastIndexOf('/');
    return { section: finding.path.slice(0, slash), name: finding.path.slice(slash + 1), message: finding.message };
  }
}

/** A value that is for two servers is wrong once. */
function withoutTwins(problems: readonly OptionProblem[]): readonly OptionProblem[] {
  return problems.filter(
    (one, at) =>
      !problems
        .slice(0, at)
        .some((other) => one.section === other.section && one.name === other.name && one.message === other.message),
  );
}

/** `expected an integer from 10 to 60, in seconds, got 5; the guide does not say what the original does with a wrong value`. */
export function describeWrongValue(option: Option, raw: RawValue, why: string | undefined): string {
  const detail = why === undefined ? '' : ` (${why})`;
  return `expected ${option.kind.valid}, got ${showValue(option, raw)}${detail}; ${describeInvalidHandling(option.ifInvalid)}`;
}

/** A value in words; that of a secret is not shown. */
export function showValue(option: Option, raw: RawValue): string {
  if (option.kind.secret) return raw === '' ? 'no value' : 'a value that is not shown';
  return typeof raw === 'string' ? JSON.stringify(raw) : String(raw);
}
