/** Agents by group, one row each: what he does now, how many chats of how many, how busy, and his states over time. */
import { memo, useMemo, type ReactNode } from 'react';
import type { AgentRow, AgentState } from '#protocol/run-feed.ts';
import { useRunView } from '#renderer/feed/run-context.tsx';
import { CursorSurface } from '#renderer/charts/cursor-surface.tsx';
import { Panel } from '#renderer/shared/panel.tsx';
import {
  AGENT_STATE_LABELS,
  AGENT_STATES,
  groupAgents,
  stripPaths,
  type AgentGroupRows,
} from '#renderer/view/agent-strip.ts';
import { formatShare } from '#renderer/view/format.ts';
import type { WindowName } from '#renderer/view/time-window.ts';
import { momentOf, type RunMoment } from '#renderer/run/run-moment.ts';
import classes from '#renderer/run/run.module.css';

/** Units of a strip, stretched to its place. */
const STRIP = { width: 1_000, height: 100 } as const;

const STATE_COLORS: Readonly<Record<AgentState, string>> = {
  busy: 'var(--chats)',
  afterWork: 'var(--after-work)',
  ready: 'var(--dim)',
  notReady: 'var(--not-ready)',
  loggedOut: 'transparent',
};

export const AgentsPanel = memo(function AgentsPanel({ window }: { readonly window: WindowName }): ReactNode {
  const { status, series, agents } = useRunView('agents');
  if (status === null) return null;
  const moment = momentOf(status, series, window);
  const groups = groupAgents(agents);
  return (
    <Panel name="agents" title="Agents" readout={<Legend />}>
      <div className={classes['agents']} tabIndex={0} role="group" aria-label="Agents by group">
        {groups.length === 0 && (
          <p className={classes['empty']}>No agent is logged in. Groups are set in the scenario.</p>
        )}
        {groups.map((group) => (
          <Group key={group.name} group={group} moment={moment} />
        ))}
      </div>
    </Panel>
  );
});

function Legend(): ReactNode {
  return AGENT_STATES.filter((state) => state !== 'loggedOut').map((state) => (
    <span key={state} className={classes['stateKey']}>
      <StateMark state={state} />
      {AGENT_STATE_LABELS[state]}
    </span>
  ));
}

/** The state's height and colour, as its strip has them. */
function StateMark({ state }: { readonly state: AgentState }): ReactNode {
  const paths = stripPaths([[0, state]], { fromMs: 0, toMs: 1 }, 1, 8, 12);
  return (
    <svg width="8" height="12" aria-hidden="true">
      <rect width="8" height="12" fill="var(--raised)" />
      {paths.map(({ d }) => (
        <path key={d} d={d} fill={STATE_COLORS[state]} />
      ))}
    </svg>
  );
}

function Group({ group, moment }: { readonly group: AgentGroupRows; readonly moment: RunMoment }): ReactNode {
  const { byState } = group;
  return (
    <div className={classes['group']}>
      <div className={classes['groupHead']}>
        <h3>{group.name}</h3>
        <span>
          {group.agents.length} {group.agents.length === 1 ? 'agent' : 'agents'} · {group.busySlots} of {group.slots}{' '}
          slots in chat · {byState.ready} ready
          {byState.afterWork > 0 && ` · ${byState.afterWork} after-work`}
          {byState.notReady > 0 && ` · ${byState.notReady} not ready`}
        </span>
      </div>
      {group.agents.map((agent) => (
        <Agent key={agent.id} agent={agent} moment={moment} />
      ))}
    </div>
  );
}

/** The state, and why he is not ready. */
function labelOf({ state, reason }: AgentRow): string {
  const label = AGENT_STATE_LABELS[state];
  return state === 'notReady' && reason !== null ? `${label}: ${reason}` : label;
}

function Agent({ agent, moment }: { readonly agent: AgentRow; readonly moment: RunMoment }): ReactNode {
  const { span, nowMs, bucketMs } = moment;
  const { strip } = agent;
  const paths = useMemo(() => stripPaths(strip, span, nowMs, STRIP.width, STRIP.height), [strip, span, nowMs]);
  return (
    <div className={classes['agent']} data-state={agent.state}>
      <span className={classes['agentId']} title={agent.id}>
        {agent.id}
      </span>
      <span className={classes['agentState']}>
        <StateMark state={agent.state} />
        {labelOf(agent)}
      </span>
      <span className={classes['pips']} aria-label={`${agent.chats} of ${agent.capacity} chats`} role="img">
        {Array.from({ length: agent.capacity }, (_, index) => (
          <i key={index} data-filled={index < agent.chats || undefined} />
        ))}
      </span>
      <CursorSurface
        label={`States of ${agent.id} over time`}
        valueText={`${labelOf(agent)}, ${agent.served} chats served`}
        span={span}
        left={0}
        right={0}
        stepMs={bucketMs}
        className={classes['stripBox']}
      >
        <svg
          className={classes['strip']}
          viewBox={`0 0 ${STRIP.width} ${STRIP.height}`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          {paths.map(({ state, d }) => (
            <path key={state} d={d} fill={STATE_COLORS[state]} />
          ))}
        </svg>
      </CursorSurface>
      <span className={classes['agentFigure']}>{agent.served} served</span>
      <span className={classes['agentFigure']}>{formatShare(agent.busyShare)}</span>
    </div>
  );
}
