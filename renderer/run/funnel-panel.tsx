/** The way of the hot leads: how many go on at each stage, and what became of the others. */
import { memo, type ReactNode } from 'react';
import { useRunView } from '#renderer/feed/run-context.tsx';
import { KeyFigure, Panel } from '#renderer/shared/panel.tsx';
import { formatCount, formatShare } from '#renderer/view/format.ts';
import { funnelStages, type Stage } from '#renderer/view/funnel-stages.ts';
import classes from '#renderer/run/run.module.css';

const TONES: Readonly<Record<Stage['tone'], string>> = {
  rules: 'var(--rules)',
  pacing: 'var(--pacing-fill)',
  chats: 'var(--chats)',
};

export const FunnelPanel = memo(function FunnelPanel(): ReactNode {
  const { status, totals } = useRunView('rules');
  if (status === null || totals === null) return null;
  const isWarmup = status.virtualMs < status.warmupMs;
  const counts = totals;
  const stages = funnelStages(counts);
  const most = Math.max(1, counts.hotLeads);
  const through = counts.hotLeads > 0 ? counts.chatsStarted / counts.hotLeads : null;
  return (
    <Panel
      name="funnel"
      title="Funnel"
      readout={
        <>
          <KeyFigure name="leads that become chats" value={formatShare(through)} />
          <KeyFigure name={isWarmup ? 'warm-up so far' : 'since the warm-up'} value="" />
        </>
      }
    >
      {counts.hotLeads === 0 ? (
        <p className={classes['empty']}>No hot lead yet: one begins when a rule fires for a visitor.</p>
      ) : (
        <ol className={classes['funnel']}>
          {stages.map((stage) => (
            <StageRow key={stage.name} stage={stage} most={most} />
          ))}
        </ol>
      )}
    </Panel>
  );
});

function StageRow({ stage, most }: { readonly stage: Stage; readonly most: number }): ReactNode {
  const lost = stage.losses.filter(({ count }) => count > 0);
  return (
    <li className={classes['stage']}>
      <span className={classes['stageName']}>
        {stage.name} <small>{stage.also}</small>
      </span>
      <span className={classes['stageCount']}>{formatCount(stage.count)}</span>
      <span className={classes['stageShare']}>{stage.ofPrevious === null ? '' : formatShare(stage.ofPrevious)}</span>
      <span className={classes['stageBar']} aria-hidden="true">
        <i style={{ width: `${(100 * stage.count) / most}%`, background: TONES[stage.tone] }} />
      </span>
      <span className={classes['losses']}>
        {lost.map(({ name, count, isFailure }) => (
          <span key={name} data-failure={isFailure || undefined}>
            {name} {formatCount(count)}
          </span>
        ))}
        {stage.open > 0 && <span>under way {formatCount(stage.open)}</span>}
      </span>
    </li>
  );
}
