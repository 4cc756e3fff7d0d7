/** The journal of one life of a node, where its configuration asks for one, and the head that says what its machine was made from. */
import { join } from 'node:path';
import { maskSecrets } from '#core/options/mask-secrets.ts';
import { idPrefixOf } from './create-machines.ts';
import { Journal, type JournalHead } from './journal.ts';
import type { NodeConfig } from './node-ipc.ts';
import type { Scenario } from '#protocol/scenario.ts';

/** `<node>~<life>.ndjson` in the node's folder, with all that the machine is made from but no secret; null: none is kept. */
export function openJournal({ folder, name, incarnation, role, scenario, journal }: NodeConfig): Journal | null {
  if (!journal) return null;
  const file = join(folder, `${lifeOf(name, incarnation)}.ndjson`);
  return new Journal(file, journalHeadOf({ node: name, role, incarnation }, scenario));
}

/** Names one life of a node: in the file of its journal and in the ids of its messages. */
export function lifeOf(node: string, incarnation: number): string {
  return `${node}~${incarnation}`;
}

/** All that the machine is made from but no secret. */
export function journalHeadOf(
  { node, role, incarnation }: Pick<JournalHead, 'node' | 'role' | 'incarnation'>,
  scenario: Scenario,
): JournalHead {
  return {
    type: 'head',
    version: 1,
    node,
    role,
    incarnation,
    idPrefix: idPrefixOf(node, incarnation),
    config: { scenario: { ...scenario, options: maskSecrets(scenario.options) } },
  };
}
