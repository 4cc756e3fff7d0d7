/** What rules across visits remember of browsers, or of persons: each for a day after its last event. */
import type { RuleMemory } from './rule-memory.ts';
import { RuleScope } from './rule-scope.ts';

/** How long after its last event a browser or person is remembered, ms. */
const REMEMBERED_MS = 86_400_000;

export class RememberedScopes {
  /** In the order of their last events, so that those to forget stand first. */
  readonly #scopes = new Map<string, RuleScope>();
  readonly #memory: RuleMemory;

  constructor(memory: RuleMemory) {
    this.#memory = memory;
  }

  /** Undefined where nothing is known, or no longer at `at` (ms). */
  find(key: string, at: number): RuleScope | undefined {
    const scope = this.#scopes.get(key);
    return scope === undefined || scope.lastAt + REMEMBERED_MS < at ? undefined : scope;
  }

  /** An event of it came at `at`. */
  renew(key: string, at: number): void {
    const scope = this.find(key, at);
    if (scope !== undefined) this.#put(key, scope, at);
    this.#sweep(at);
  }

  /** The one that is there, or a new one. */
  open(key: string, at: number): RuleScope {
    const known = this.find(key, at);
    if (known !== undefined) return known;
    this.#scopes.get(key)?.release();
    // Events that are delivered twice are told by their visit.
    const scope = new RuleScope(this.#memory, 0);
    this.#put(key, scope, at);
    return scope;
  }

  #put(key: string, scope: RuleScope, at: number): void {
    if (at > scope.lastAt) scope.lastAt = at;
    this.#scopes.delete(key);
    this.#scopes.set(key, scope);
  }

  #sweep(at: number): void {
    for (const [key, scope] of this.#scopes) {
      if (scope.lastAt + REMEMBERED_MS >= at) return;
      this.#scopes.delete(key);
      scope.release();
    }
  }
}
