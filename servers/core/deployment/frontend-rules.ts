/**
 * The rules and categories in force on a Frontend, and how they are replaced while visits go on: the fence decides when, this
 * compiles and installs. A package that comes again word for word goes on with what it remembers of each visit.
 */
import { assertNever } from '#core/assert.ts';
import { compileCategories, type CategoryMatcher } from '#core/categories/category-matcher.ts';
import type { Effect } from '#core/effects.ts';
import { compileRules } from '#core/rules/compile-rules.ts';
import type { RulePackage } from '#core/rules/rule-package.ts';
import type { RulesInForce } from '#core/rules/rules-in-force.ts';
import type { DeploymentOfBackend } from './deployment-messages.ts';
import type { RulesContent, RulesVersion } from './deployment.ts';
import { RulesFence, type FenceState } from './rules-fence.ts';

/** From the driver: `start` first, where there may have been deployments; `backendCame` when a Backend is connected. */
export type FenceOccasion = { readonly type: 'start' } | { readonly type: 'backendCame' };

export class FrontendRules {
  readonly inForce: RulesInForce;
  /** Why a version can't be taken here; null: none was refused since the last that was taken. */
  trouble: string | null = null;
  readonly #frontend: string;
  readonly #fence: RulesFence;
  #categories: CategoryMatcher;

  /** Open, with version 0, until it hears `start`. */
  constructor(frontend: string, inForce: RulesInForce, categories: CategoryMatcher) {
    this.#frontend = frontend;
    this.inForce = inForce;
    this.#categories = categories;
    this.#fence = new RulesFence(frontend, (rules) => this.#install(rules));
  }

  get categories(): CategoryMatcher {
    return this.#categories;
  }

  /** The version that events are stamped under. */
  get version(): number {
    return this.#fence.version;
  }

  get fence(): FenceState {
    return this.#fence.state;
  }

  /** Has been open in this life, and knows what is in force but for a version that is being decided. */
  get isReady(): boolean {
    return this.#fence.isReady;
  }

  get isOpen(): boolean {
    return this.#fence.state === 'open';
  }

  handle(event: DeploymentOfBackend | FenceOccasion, at: number, out: Effect[]): void {
    switch (event.type) {
      case 'start':
        this.#fence.start(at, out);
        return;
      case 'backendCame':
        this.#fence.backendCame(at, out);
        return;
      case 'prepareRules':
        this.#answer(event.via, event.rules.version, this.#prepare(event.rules), out);
        return;
      case 'raiseFence':
        this.#fence.raise(event, at, out);
        return;
      case 'rulesDecided':
        this.#fence.decide(event, at, out);
        return;
      case 'rulesTold':
        this.#fence.told(event, at, out);
        return;
      case 'pushRules':
        if (!this.#fence.push(event.rules, event.via, out)) {
          this.#answer(event.via, event.rules.version, [this.trouble ?? ''], out);
        }
        return;
      default:
        assertNever(event, 'deployment event');
    }
  }

  overdue(at: number, out: Effect[]): void {
    this.#fence.overdue(at, out);
  }

  #prepare(rules: RulesVersion): readonly string[] {
    const faults = describeFaults(rules.content, this.inForce.packages);
    if (faults.length === 0) this.#fence.prepare(rules);
    return faults;
  }

  #answer(via: string, version: number, faults: readonly string[], out: Effect[]): void {
    const message = { type: 'rulesPrepared', frontend: this.#frontend, version, faults } as const;
    out.push({ type: 'toBackend', node: via, message });
  }

  #install({ version, content }: RulesVersion): boolean {
    const faults = describeFaults(content, this.inForce.packages);
    this.trouble = faults.length === 0 ? null : `version ${version}: ${faults.join('; ')}`;
    if (faults.length > 0) return false;
    this.inForce.replace(keepUnchanged(content.packages, this.inForce.packages));
    this.#categories = compileCategories(content.categories);
    return true;
  }
}

/** The very object in force where a package is the same, word for word: it came as a copy, over a socket. */
function keepUnchanged(next: readonly RulePackage[], inForce: readonly RulePackage[]): readonly RulePackage[] {
  const known = new Map(inForce.map((one) => [JSON.stringify(one), one]));
  return next.map((one) => known.get(JSON.stringify(one)) ?? one);
}

/** Why a content can't be compiled: it was checked by a Backend, which may be newer than this Frontend and know more. */
function describeFaults({ packages, categories }: RulesContent, inForce: readonly RulePackage[]): readonly string[] {
  const faults: string[] = [];
  const attempt = (what: string, compile: () => void): void => {
    try {
      compile();
    } catch (error) {
      faults.push(`${what} can not be compiled: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  for (const one of keepUnchanged(packages, inForce)) {
    if (!inForce.includes(one)) attempt(`package ${one.name} ${one.version}`, () => compileRules([one]));
  }
  attempt('the categories', () => compileCategories(categories));
  return faults;
}
