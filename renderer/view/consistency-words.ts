/** What the consistency calculator found, in words beside a sign. */
import type { ConsistencyReport, JudgedLevel, LossRow, ReplicaLayout } from '#protocol/control-api.ts';
import type { IconName } from '#renderer/shared/icons.tsx';

export interface ClusterVerdict {
  readonly word: string;
  readonly tone: 'good' | 'hurt' | 'bad';
  readonly icon: IconName;
}

/** A level that can't be met is worse than reads that may miss a write. */
export function verdictOf({ asked, promise }: ConsistencyReport['cluster']): ClusterVerdict {
  const [unmet] = promise.unsatisfiable;
  if (unmet !== undefined) return { word: `No ${unmet} at ${asked[unmet]} succeeds`, tone: 'bad', icon: 'cross' };
  if (promise.consistent) return { word: 'Reads are consistent', tone: 'good', icon: 'check' };
  return { word: 'Reads are eventually consistent', tone: 'hurt', icon: 'warning' };
}

/** `none`, `1`, `up to 2`, `2 to 4`, `3 or more`. */
export function describeLost({ fromLost, toLost }: LossRow): string {
  if (toLost === null) return `${fromLost} or more`;
  if (fromLost === toLost) return fromLost === 0 ? 'none' : String(fromLost);
  return fromLost === 0 ? `up to ${toLost}` : `${fromLost} to ${toLost}`;
}

/** `2/3`, `2/3 + 1/1`: must answer, of those that there are. */
export function describeNeeds({ needs }: JudgedLevel): string {
  return needs.map(({ needed, of }) => `${needed}/${of}`).join(' + ');
}

export interface Tick {
  readonly icon: IconName;
  readonly word: string;
}

/** What the guide says of a level. */
export function guideTick({ guide }: JudgedLevel): Tick {
  if (guide === null) return { icon: 'unknown', word: 'the guide does not say' };
  return guide ? { icon: 'check', word: 'works by the guide' } : { icon: 'cross', word: 'does not work by the guide' };
}

/** Whether QUORUM goes on with a whole data center gone; null: there is nothing in it to go. */
export function goesOnWithout({ levels, replicas }: ReplicaLayout, index: number): boolean | null {
  if ((replicas[index] ?? 0) === 0) return null;
  const quorum = levels.find(({ level }) => level === 'QUORUM');
  return quorum?.worksWithout.includes(`DC${index + 1}`) ?? false;
}

/** A layout of the table as it is typed: `DC1:2, DC2:1`. */
export function layoutText({ replicas }: ReplicaLayout): string {
  return replicas.map((count, index) => `DC${index + 1}:${count}`).join(', ');
}

/** Is this row the layout that was asked for? Names do not matter, replicas do. */
export function isAskedLayout({ replicas }: ReplicaLayout, asked: ReplicaLayout): boolean {
  return replicas.length === asked.replicas.length && replicas.every((count, index) => count === asked.replicas[index]);
}
