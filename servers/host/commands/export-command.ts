/** `engage export`: the events of a run, or of one of its visits, as recorded events that `engage replay` reads. */
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { OperatingError } from '#protocol/operating-error.ts';
import { exportRun } from '#testbed/export/export-run.ts';
import { WholeFile } from '#testbed/replay/whole-file.ts';
import { createInterrupt } from './interrupt.ts';

const EXAMPLES = `
The folder is that of one run, DIR/<scenario name> of engage run --out DIR. A simulated run keeps its events with --events, a
live one has them in its store (SQLite). One JSON object a line, in the order of time as far as the run kept it; engage replay
sorts what is not. What can differ between a run and its replay: docs/replay.md, "Recorded events".

Examples:
  engage run scenarios/guide-example.yaml --events --out runs
  engage export runs/guide-example --out events.ndjson
  engage export runs/guide-example --visit v17
  engage replay events.ndjson --rules scenarios/rules/shop.yaml

Exit status: 0 it was exported, 2 the run keeps no events, or none of this visit, 4 they can not be read or written, 130
interrupted.`;

interface ExportOptions {
  readonly visit?: string;
  readonly categories: boolean;
  readonly out?: string;
}

export function addExportCommand(program: Command): void {
  program
    .command('export')
    .description('events of a run or of one visit as recorded events (NDJSON)')
    .argument('<run dir>', 'the folder of one run')
    .option('--visit <id>', 'the events of this visit only')
    .option('--no-categories', 'without the categories of the run, so that a replay gives its own')
    .option('--out <file>', 'write them into this file instead of printing them')
    .addHelpText('after', EXAMPLES)
    .action(writeExport);
}

async function writeExport(folder: string, { visit, categories, out }: ExportOptions): Promise<void> {
  const interrupt = createInterrupt();
  const lines = exportRun({ folder, visitID: visit, withoutCategories: !categories, signal: interrupt.signal });
  try {
    if (out === undefined) await print(lines);
    else process.stdout.write(`${await writeFile(lines, out)} events in ${out}\n`);
  } finally {
    interrupt.end();
  }
}

/** Lines that are handed over at once: a write a line takes its time. */
const LINES_AT_ONCE = 1_000;

async function print(lines: AsyncIterable<string>): Promise<void> {
  let held: string[] = [];
  const flush = async (): Promise<void> => {
    const text = held.join('');
    held = [];
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  };
  for await (const line of lines) {
    held.push(`${line}\n`);
    if (held.length === LINES_AT_ONCE) await flush();
  }
  await flush();
}

async function writeFile(lines: AsyncIterable<string>, path: string): Promise<number> {
  const file = openFile(path);
  let events = 0;
  try {
    for await (const line of lines) {
      file.write(`${line}\n`);
      events += 1;
    }
    file.commit();
  } finally {
    file.discard();
  }
  return events;
}

function openFile(path: string): WholeFile {
  try {
    mkdirSync(dirname(path), { recursive: true });
    return new WholeFile(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new OperatingError('UNAVAILABLE', `the events can not be written: ${why}`);
  }
}
