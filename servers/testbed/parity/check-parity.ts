/**
 * The parity law over the journals of one run, live or simulated: same decisions in virtual time, every message heard exactly once, or a
 * named fault says why not. `engage replay --journal DIR` prints what this finds.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readJournal, type JournalHead } from '#node/journal.ts';
import { OperatingError } from '#protocol/operating-error.ts';
import { SendMatcher, type SendReport } from './match-sends.ts';
import { readNamedFaults, type NamedFault } from './named-faults.ts';
import { createJournalReplay, type Difference } from './replay-journal.ts';

export interface ReplayedJournal {
  readonly node: string;
  readonly incarnation: number;
  readonly records: number;
  readonly effects: number;
  /** Bytes of a line that a kill tore off. */
  readonly tornBytes: number;
  readonly differences: readonly Difference[];
}

export interface ParityReport {
  readonly holds: boolean;
  readonly journals: readonly ReplayedJournal[];
  readonly faults: readonly NamedFault[];
  readonly sends: SendReport;
}

/** At most so many differences of one journal are kept: after the first one the machine is another. */
const DIFFERENCES_MAX = 20;

/** Checks the journals in `folder`. OperatingError where there is none, or one that can't be read. */
export function checkParity(folder: string): ParityReport {
  const files = listJournals(folder);
  const faults = readNamedFaults(folder);
  const matcher = new SendMatcher();
  const journals = files.map((file) => replayFile(join(folder, file), matcher));
  const sends = matcher.report(faults);
  const holds = sends.problems.length === 0 && journals.every(({ differences }) => differences.length === 0);
  return { holds, journals, faults, sends };
}

function listJournals(folder: string): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    throw new OperatingError('FILE_NOT_FOUND', `no folder of journals: ${folder}`);
  }
  const files = names.filter((name) => name.endsWith('.ndjson')).toSorted();
  if (files.length > 0) return files;
  throw new OperatingError('FILE_NOT_FOUND', `no journals (<node>~<life>.ndjson) in ${folder}`);
}

function replayFile(file: string, matcher: SendMatcher): ReplayedJournal {
  const lines = readJournal(file);
  const first = lines.next();
  if (first.done === true) throw new OperatingError('INVALID_INPUT', `${file} is empty`);
  // The generator's first value is the head.
  const head = first.value as JournalHead;
  const replay = createJournalReplay(head);
  const differences: Difference[] = [];
  let records = 0;
  let effects = 0;
  for (;;) {
    const { value, done } = lines.next();
    if (done === true) {
      replay.close();
      return { node: head.node, incarnation: head.incarnation, records, effects, tornBytes: value, differences };
    }
    if (!('effects' in value)) continue;
    records += 1;
    effects += value.effects.length;
    const difference = replay.take(value);
    if (difference !== undefined && differences.length < DIFFERENCES_MAX) differences.push(difference);
    matcher.take(head, value);
  }
}
