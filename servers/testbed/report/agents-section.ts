/** Agents: a strip of states over time for each, and how busy each group was. */
import type { AgentRow, AgentState } from '#protocol/run-feed.ts';
import { describeEstimate } from '#testbed/reporters/outcome-text.ts';
import { createScale, place } from './chart-scale.ts';
import { describeCount, describeShare } from './figure-text.ts';
import { html, type Markup } from './markup.ts';
import type { ReportContext } from './report-context.ts';
import { CHART_WIDTH } from './time-chart.ts';
import { listTimeTicks, type TimeFrame } from './time-frame.ts';

const ROWS_MAX = 40;
const ROW = 18;
/** So many changes of state are kept: see `AgentRow`. */
const STRIP_MAX = 200;
const LEFT = 150;
const RIGHT = 10;

const STATES: readonly { readonly state: AgentState; readonly name: string; readonly fill: string }[] = [
  { state: 'busy', name: 'in conversation', fill: 'var(--chats)' },
  { state: 'afterWork', name: 'after-work', fill: 'url(#hatch-chats)' },
  { state: 'ready', name: 'ready', fill: 'var(--shade)' },
  { state: 'notReady', name: 'break', fill: 'url(#hatch-muted)' },
];

export function renderAgents(context: ReportContext): Markup {
  const { run, frame } = context;
  const agents = run.agents.slice(0, ROWS_MAX);
  const rest = run.agents.length - agents.length;
  const isCut = agents.some(({ strip }) => (strip[0]?.[0] ?? 0) > 0 && strip.length >= STRIP_MAX);
  const notes = [
    ...(rest > 0 ? [`${rest} more agents are not drawn.`] : []),
    ...(isCut ? [`Strips begin with the newest ${STRIP_MAX} changes of state.`] : []),
  ];
  const about = `States of ${agents.length} agents over time. ${agents.map((agent) => `${agent.id} busy ${describeShare(agent.busyShare)}`).join(', ')}`;
  return html`<section class="long">
    <h2>Agents</h2>
    <p class="lead">Occupied is the share of the time, breaks left out, in which an agent had at least one chat.</p>
    ${renderGroups(context)}
    <ul class="legend" style="margin-top:12px">
      ${STATES.map(
        ({ name, fill }) =>
          html`<li>
            <svg class="swatch" viewBox="0 0 16 10" aria-hidden="true">
              <rect width="16" height="10" rx="2" style="fill:${fill};stroke:var(--rule)" /></svg
            >${name}
          </li>`,
      )}
    </ul>
    <figure>
      <svg class="chart" viewBox="0 0 ${CHART_WIDTH} ${agents.length * ROW + 24}" role="img" aria-label="${about}">
        ${renderAxis(frame, agents.length * ROW)}${agents.map((agent, index) => renderAgent(agent, index, frame))}
      </svg>
    </figure>
    ${notes.map((note) => html`<p class="meta">${note}</p>`)}
  </section>`;
}

function renderGroups(context: ReportContext): Markup {
  const { run, estimate } = context;
  const rows = run.scenario.groups.map((group) => {
    const occupancy = estimate(({ figures }) => figures.occupancy[group.name] ?? null);
    return html`<tr>
      <td>${group.name}</td>
      <td class="number">${group.agents}</td>
      <td class="number">${group.capacity}</td>
      <td class="number">${describeEstimate(occupancy, 'share')}</td>
    </tr>`;
  });
  const chats = estimate(({ figures }) => figures.chats.completed);
  return html`<table>
      <thead>
        <tr>
          <th>Group</th>
          <th class="number">Agents</th>
          <th class="number">Chats at once</th>
          <th class="number">Occupied</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
    <p class="meta">${describeCount(chats?.mean ?? null)} chats were completed in the window.</p>
    ${specialCounts(context).map((sentence) => html`<p class="meta">${sentence}</p>`)}`;
}

/** Sentences about what only some scenarios have; of seeds in the mean. */
function specialCounts({ run, estimate }: ReportContext): readonly string[] {
  const { callbacks, offers, transfers } = run.figures;
  const count = (of: (figures: typeof run.figures) => number | undefined): string =>
    describeCount(estimate(({ figures }) => of(figures) ?? null)?.mean ?? null);
  return [
    ...(callbacks === undefined
      ? []
      : [
          `${count((figures) => figures.callbacks?.asked)} callbacks were asked for; ${count((figures) => figures.callbacks?.connected)} calls were answered, ` +
            `${count((figures) => figures.callbacks?.noAnswer)} were not; ${count((figures) => figures.callbacks?.rescheduled)} were put off, ` +
            `${count((figures) => figures.callbacks?.completed)} completed, ${count((figures) => figures.callbacks?.unreachable)} given up. ` +
            `Of ${count((figures) => figures.callbacks?.promised)} that were due, ${count((figures) => figures.callbacks?.late)} were not called in time: ` +
            `${describeEstimate(
              estimate(({ figures }) => figures.callbacks?.lateShare ?? null),
              'share',
            )} from the start of the run.`,
        ]),
    ...(offers === undefined
      ? []
      : [
          `${count((figures) => figures.offers?.missed)} offers were not answered in time and ${count((figures) => figures.offers?.rejected)} rejected.`,
        ]),
    ...(transfers === undefined
      ? []
      : [
          `${count((figures) => figures.transfers?.made)} chats were passed on; in ${count((figures) => figures.transfers?.abandoned)} the visitor gave up between two agents.`,
        ]),
  ];
}

function scaleOf(frame: TimeFrame): (atMs: number) => number {
  return createScale(0, frame.totalMs, LEFT, CHART_WIDTH - RIGHT);
}

function renderAxis(frame: TimeFrame, height: number): Markup {
  const x = scaleOf(frame);
  return html`${listTimeTicks(frame, 8).map(
    ({ atMs, label }) =>
      html`<line class="grid" x1="${place(x(atMs))}" x2="${place(x(atMs))}" y1="0" y2="${height}" /><text
          class="tick"
          text-anchor="middle"
          x="${place(Math.min(CHART_WIDTH - RIGHT - 12, x(atMs)))}"
          y="${height + 16}"
          >${label}</text
        >`,
  )}`;
}

/** One path a state, however often it comes. */
function renderAgent(agent: AgentRow, index: number, frame: TimeFrame): Markup {
  const x = scaleOf(frame);
  const y = index * ROW + 2;
  const paths = STATES.map(({ state, fill }) => {
    const d = agent.strip
      .map(([sinceMs, shown], piece) => {
        const untilMs = agent.strip[piece + 1]?.[0] ?? frame.totalMs;
        if (shown !== state || untilMs <= sinceMs) return '';
        return `M${place(x(sinceMs))} ${y}H${place(x(untilMs))}V${y + ROW - 5}H${place(x(sinceMs))}Z`;
      })
      .join('');
    return d === '' ? null : html`<path style="fill:${fill}" d="${d}" />`;
  });
  const words = `${agent.id}, ${agent.group}: ${agent.served} chats served, busy ${describeShare(agent.busyShare)}`;
  return html`<g
    ><title>${words}</title><text x="0" y="${y + 11}">${agent.id}</text
    ><text class="tick" text-anchor="end" x="${LEFT - 10}" y="${y + 11}">${describeShare(agent.busyShare)}</text
    >${paths}</g
  >`;
}
