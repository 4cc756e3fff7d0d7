/** What a deployment changes: the content in force, and what is asked for, become the next content and a sentence. */
import { assertNever } from '#core/assert.ts';
import type { RulePackage } from '#core/rules/rule-package.ts';
import type { DeploymentChange, RulesContent } from './deployment.ts';

export interface ChangedContent {
  readonly content: RulesContent;
  /** What changes, such as `replaces com.example.shop 1.0 by 1.1`. */
  readonly sentence: string;
}

/** `earlier`: the content that a rollback goes back to. */
export function changeContent(
  inForce: RulesContent,
  change: DeploymentChange,
  earlier: RulesContent | undefined,
): ChangedContent | undefined {
  switch (change.kind) {
    case 'package':
      return changePackage(inForce, change.package);
    case 'categories':
      return { content: { ...inForce, categories: change.categories }, sentence: 'replaces the categories' };
    case 'rollback':
      return earlier && { content: earlier, sentence: `goes back to version ${change.version}` };
    default:
      return assertNever(change, 'change');
  }
}

/** A package of the same name keeps its place. */
function changePackage(inForce: RulesContent, next: RulePackage): ChangedContent {
  const { packages } = inForce;
  const before = packages.find(({ name }) => name === next.name);
  if (before === undefined) {
    return {
      content: { ...inForce, packages: [...packages, next] },
      sentence: `adds ${next.name} ${next.version}`,
    };
  }
  return {
    content: { ...inForce, packages: packages.map((one) => (one === before ? next : one)) },
    sentence: `replaces ${next.name} ${before.version} by ${next.version}`,
  };
}
