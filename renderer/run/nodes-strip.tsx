/** A live run's nodes, one tile each with its health and what can be done to it, and beside them its store and how well the clock is kept. */
import { memo, type ReactNode } from 'react';
import { ActionIcon, Tooltip } from '@mantine/core';
import type { LiveNode, LiveState } from '#protocol/run-feed-live.ts';
import { useRunView } from '#renderer/feed/run-context.tsx';
import { Icon } from '#renderer/shared/icons.tsx';
import { NO_FIGURE } from '#renderer/view/format.ts';
import { clockGauges, storeGauge, type LiveGauge } from '#renderer/view/live-gauges.ts';
import { describeFigure, describeHealth, ROLE_LABELS } from '#renderer/view/live-words.ts';
import { FaultsButton } from '#renderer/run/faults-button.tsx';
import classes from '#renderer/run/nodes.module.css';

interface NodesStripProps {
  /** Whose log is open. */
  readonly logNode: string | null;
  readonly onLog: (node: string | null) => void;
}

export const NodesStrip = memo(function NodesStrip({ logNode, onLog }: NodesStripProps): ReactNode {
  const { status } = useRunView('nodes');
  if (status === null || status.live === null || status.live.nodes.length === 0) return null;
  const { live, state } = status;
  const isMoving = state === 'running' || state === 'paused';
  return (
    <section id="panel-nodes" tabIndex={-1} className={classes['strip']} aria-label="Nodes">
      {live.nodes.map((node) => (
        <NodeTile
          key={node.name}
          node={node}
          canStrike={isMoving && live.doing === null}
          isLogOpen={logNode === node.name}
          onLog={onLog}
        />
      ))}
      {isMoving || state === 'finished' || state === 'stopped' ? <Gauges live={live} /> : null}
    </section>
  );
});

interface NodeTileProps {
  readonly node: LiveNode;
  readonly canStrike: boolean;
  readonly isLogOpen: boolean;
  readonly onLog: (node: string | null) => void;
}

function NodeTile({ node, canStrike, isLogOpen, onLog }: NodeTileProps): ReactNode {
  const health = describeHealth(node);
  return (
    <article className={classes['node']} data-tone={health.tone} aria-label={node.name}>
      <h3 className={classes['name']} title={ROLE_LABELS[node.role]}>
        {node.name}
        {node.incarnation > 1 && (
          <small title={`Life ${node.incarnation}: it was started again`}>#{node.incarnation}</small>
        )}
      </h3>
      <p className={classes['health']}>
        <Icon name={health.icon} size={12} />
        <strong>{health.word}</strong>
      </p>
      <p
        className={classes['figures']}
        data-detail={health.detail !== '' || undefined}
        title={health.detail || undefined}
      >
        {health.detail || node.figures.map(describeFigure).join(' · ') || ROLE_LABELS[node.role]}
      </p>
      <div className={classes['hands']}>
        <Tooltip label={`Log of ${node.name}`}>
          <ActionIcon
            size={22}
            variant={isLogOpen ? 'filled' : 'subtle'}
            aria-label={`Log of ${node.name}`}
            aria-pressed={isLogOpen}
            onClick={() => onLog(isLogOpen ? null : node.name)}
          >
            <Icon name="log" size={13} />
          </ActionIcon>
        </Tooltip>
        {canStrike && node.role !== 'crowd' && <FaultsButton node={node} />}
      </div>
    </article>
  );
}

function Gauges({ live }: { readonly live: LiveState }): ReactNode {
  const store = storeGauge(live);
  return [...(store === null ? [] : [store]), ...clockGauges(live)].map((gauge) => (
    <Gauge key={gauge.name} gauge={gauge} />
  ));
}

function Gauge({ gauge }: { readonly gauge: LiveGauge }): ReactNode {
  return (
    <div
      className={classes['gauge']}
      data-alarm={gauge.alarm || undefined}
      title={gauge.about}
      role="group"
      aria-label={gauge.name}
    >
      <span className={classes['gaugeName']}>
        {gauge.alarm && <Icon name="warning" size={12} />}
        {gauge.name}
      </span>
      <span className={classes['gaugeValue']}>
        {gauge.value}
        {gauge.value !== NO_FIGURE && <small>{gauge.unit}</small>}
      </span>
      <span className={classes['figures']}>{gauge.note}</span>
    </div>
  );
}
