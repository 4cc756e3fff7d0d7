/** The worker behind run-seeds.ts: simulates one seed after the other, tells how far it is, and writes journals and events itself. */
import { parentPort } from 'node:worker_threads';
import { present } from '#core/assert.ts';
import { describeRecordedEvent, EVENTS_NAME } from '#testbed/export/recorded-events-file.ts';
import { faultsOfMarks, writeNamedFaults } from '#testbed/parity/named-faults.ts';
import { runScenario } from '#testbed/run-scenario.ts';
import { JournalFiles } from './journal-files.ts';
import type { SeedReply, SeedTask } from './run-seeds.ts';

const port = present(parentPort, 'port to the thread that started this worker');

port.on('message', (task: SeedTask) => {
  const journal = task.journal === null ? undefined : new JournalFiles(task.journal);
  const events = task.events === null ? undefined : new JournalFiles(task.events);
  const startedAt = performance.now();
  const result = runScenario(task.scenario, {
    seed: task.seed,
    store: task.store,
    onProgress: (virtualMs) => reply({ type: 'progress', virtualMs }),
    events: events === undefined ? undefined : (event) => events.write(EVENTS_NAME, describeRecordedEvent(event)),
    ...(journal === undefined ? {} : { journal: (life: string, line: string) => journal.write(life, line) }),
  });
  const runMs = performance.now() - startedAt;
  journal?.close();
  if (task.journal !== null) writeNamedFaults(task.journal, faultsOfMarks(result.faults));
  events?.close();
  const trimmed = task.isWhole ? result : { ...result, series: [], pacing: [], agents: [], waits: [] };
  reply({ type: 'done', result: trimmed, runMs });
});

function reply(message: SeedReply): void {
  port.postMessage(message);
}
