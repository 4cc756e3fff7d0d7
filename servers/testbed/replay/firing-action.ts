/** What a firing made: a hot lead, or a task for later work, for which nobody is invited. */
import type { Action } from '#core/rules/rule-package.ts';
import type { Firing } from '#core/rules/firing.ts';

export function actionOf(firing: Firing): Action['kind'] {
  return 'action' in firing && firing.action === 'followUp' ? 'followUp' : 'hotLead';
}
