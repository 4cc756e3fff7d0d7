/** A card of the gallery: a picture of the scenario's traffic, what it teaches, and what it asks of the agents. */
import { memo, type ReactNode } from 'react';
import type { ScenarioCard } from '#protocol/control-api.ts';
import { formatCount, formatDuration } from '#renderer/view/format.ts';
import classes from '#renderer/run/start.module.css';

interface ScenarioChoiceProps {
  readonly card: ScenarioCard;
  readonly isChosen: boolean;
  readonly onChoose: (file: string) => void;
}

const WIDTH = 120;
const HEIGHT = 44;

export const ScenarioChoice = memo(function ScenarioChoice({
  card,
  isChosen,
  onChoose,
}: ScenarioChoiceProps): ReactNode {
  const agents = card.groups.reduce((sum, group) => sum + group.agents, 0);
  return (
    <label className={classes['card']} data-chosen={isChosen || undefined}>
      <input type="radio" name="scenario" value={card.file} checked={isChosen} onChange={() => onChoose(card.file)} />
      <span className={classes['words']}>
        <strong>{card.name}</strong>
        <span className={classes['about']}>{card.about}</span>
        {card.problems.length > 0 ? (
          <span className={classes['faults']}>
            {card.problems.slice(0, 3).map((problem) => (
              <span key={`${problem.line} ${problem.path} ${problem.message}`}>
                {problem.file.split('/').at(-1)}:{problem.line} {problem.path} {problem.message}
              </span>
            ))}
            {card.problems.length > 3 && <span>and {card.problems.length - 3} more</span>}
          </span>
        ) : (
          <span className={classes['facts']}>
            {formatCount(card.visitsPerHour)} visits/h · {agents} {agents === 1 ? 'agent' : 'agents'} ·{' '}
            {formatDuration(card.warmupMs + card.durationMs)} · {card.thresholds.length} thresholds
          </span>
        )}
      </span>
      {card.problems.length === 0 && <TrafficPicture card={card} />}
    </label>
  );
});

function TrafficPicture({ card }: { readonly card: ScenarioCard }): ReactNode {
  const totalMs = card.warmupMs + card.durationMs;
  const most = Math.max(1, ...card.profile.map((step) => step.visitsPerHour)) * 1.15;
  const x = (atMs: number): string => ((Math.min(atMs, totalMs) / totalMs) * WIDTH).toFixed(1);
  const y = (visits: number): string => (HEIGHT - (visits / most) * HEIGHT).toFixed(1);
  const steps = card.profile.filter((step) => step.atMs < totalMs);
  const line = steps
    .map(
      (step, index) =>
        `${index === 0 ? 'M' : 'L'}${x(step.atMs)} ${y(step.visitsPerHour)}H${x(steps[index + 1]?.atMs ?? totalMs)}`,
    )
    .join('');
  return (
    <svg className={classes['picture']} width={WIDTH} height={HEIGHT} aria-hidden="true">
      <path d={`${line}V${HEIGHT}H0z`} fill="var(--band)" />
      <path d={line} fill="none" stroke="var(--visitors)" strokeWidth="1.25" />
    </svg>
  );
}
