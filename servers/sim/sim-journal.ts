/**
 * What a simulated node was told and did, for its journal, with the ids of messages that live nodes give: the nth message
 * that a life of a node sent, told again by whoever hears it. So the parity law can be asked of a simulated run too.
 */
import type { Effect } from '#core/effects.ts';
import type { SimNode, SimRole } from './sim-node.ts';

/** An input of one life of a node, and its effects. */
export interface JournalEntry {
  readonly node: string;
  readonly role: SimRole;
  readonly incarnation: number;
  readonly at: number;
  /** Id of the message that the input came in; null: a timer, somebody outside of the cluster, an outcome of the store. */
  readonly from: string | null;
  readonly input: unknown;
  readonly effects: readonly Effect[];
}

export class SimJournal {
  readonly #write: (entry: JournalEntry) => void;
  /** Messages sent, by life. */
  readonly #counts = new Map<string, number>();
  readonly #ids = new WeakMap<object, string>();

  constructor(write: (entry: JournalEntry) => void) {
    this.#write = write;
  }

  /**
   * Writes what came of `input`. `heard` is the message as it was sent: the input may be made from it. In `out` each message
   * is replaced by a copy, so that it is known again when it is heard, whoever passes the same one on.
   */
  note(node: SimNode<unknown>, at: number, heard: object, input: object, out: Effect[]): void {
    const { name, role, incarnation } = node;
    const life = `${name}~${incarnation}`;
    for (const [index, effect] of out.entries()) out[index] = this.#numbered(life, effect);
    const from = this.#ids.get(heard) ?? null;
    this.#write({ node: name, role, incarnation, at, from, input, effects: out.slice() });
  }

  #numbered(life: string, effect: Effect): Effect {
    switch (effect.type) {
      case 'toFrontend':
        return { ...effect, message: this.#known(life, { ...effect.message }) };
      case 'toBackend':
        return { ...effect, message: this.#known(life, { ...effect.message }) };
      case 'toContactCenter':
        return { ...effect, message: this.#known(life, { ...effect.message }) };
      default:
        return effect;
    }
  }

  #known<M extends object>(life: string, message: M): M {
    const count = (this.#counts.get(life) ?? 0) + 1;
    this.#counts.set(life, count);
    this.#ids.set(message, `${life}#${count}`);
    return message;
  }
}
