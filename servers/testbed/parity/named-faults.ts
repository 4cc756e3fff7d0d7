/**
 * `faults.json` beside the journals of a run: what was done to its nodes, and the lives that it ended. The parity law excuses
 * by them what is missing or doubled.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { OperatingError } from '#protocol/operating-error.ts';
import type { FaultMark } from '../fault-mark.ts';

const FAULTS_FILE = 'faults.json';

/** A node's life that ended, or was disturbed, by a fault of the run. */
export interface NamedFault {
  readonly node: string;
  readonly kind: string;
  /** The life that a kill or restart ended; null: the node lived on (stop, slow, partition). */
  readonly incarnation: number | null;
}

const faultsSchema = z.array(
  z.strictObject({ node: z.string(), kind: z.string(), incarnation: z.number().int().nullable() }),
);

export function writeNamedFaults(folder: string, faults: readonly NamedFault[]): void {
  writeFileSync(join(folder, FAULTS_FILE), `${JSON.stringify(faults, null, 2)}\n`);
}

/** None where there is no such file. Throws OperatingError INVALID_INPUT for a file that is no list of faults. */
export function readNamedFaults(folder: string): readonly NamedFault[] {
  const file = join(folder, FAULTS_FILE);
  if (!existsSync(file)) return [];
  const parsed = faultsSchema.safeParse(parseText(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new OperatingError('INVALID_INPUT', `${file} is not a list of faults`);
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The faults of a simulated run: each kill and restart ended the life that its node had then. */
export function faultsOfMarks(marks: readonly FaultMark[]): readonly NamedFault[] {
  const lives = new Map<string, number>();
  return marks
    .filter(({ phase }) => phase === 'begins')
    .map(({ node, kind }) => {
      if (kind !== 'kill' && kind !== 'restart') return { node, kind, incarnation: null };
      const incarnation = (lives.get(node) ?? 0) + 1;
      lives.set(node, incarnation);
      return { node, kind, incarnation };
    });
}
