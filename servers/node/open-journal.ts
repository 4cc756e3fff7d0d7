/** The journal of one life of a node, where its configuration asks for one. */
import { join } from 'node:path';
import { maskSecrets } from '#core/options/mask-secrets.ts';
import { idPrefixOf } from './create-machines.ts';
import { Journal } from './journal.ts';
import type { NodeConfig } from './node-ipc.ts';

/** `<node>~<life>.ndjson` in the node's folder, with all that the machine is made from but no secret; null: none is kept. */
export function openJournal({ folder, name, incarnation, role, scenario, journal }: NodeConfig): Journal | null {
  if (!journal) return null;
  return new Journal(join(folder, `${name}~${incarnation}.ndjson`), {
    type: 'head',
    version: 1,
    node: name,
    role,
    incarnation,
    idPrefix: idPrefixOf(name, incarnation),
    config: { scenario: { ...scenario, options: maskSecrets(scenario.options) } },
  });
}
