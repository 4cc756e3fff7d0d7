/** Pacing, one group after the other: what it allowed and what was sent, risk against its limit, the ledger, and the promise. */
import type { PacingPoint } from '#protocol/run-feed.ts';
import { describeGivenShare, describeNumber } from './figure-text.ts';
import { roundUp } from './chart-scale.ts';
import { html, type Markup } from './markup.ts';
import type { ReportContext } from './report-context.ts';
import { binPacing, describeBinLength, sumOf, type PacingBin } from './series-bins.ts';
import type { Point } from './chart-layers.ts';
import { renderTimeChart, type Pane } from './time-chart.ts';
import { describeMoment } from './time-frame.ts';

const RISK_AXIS_LIMITS = 6;

export function renderPacing(context: ReportContext): Markup {
  const { run, goal } = context;
  const groups = [...new Set(run.pacing.map((point) => point.group))];
  const { whatIfs } = run;
  const ofCallbacks = run.pacing.some(({ channel }) => channel === 'webcallback')
    ? ', and of the promised callbacks late'
    : '';
  const promise =
    goal.target === 'ABANDONMENT_RATE'
      ? `at most ${describeGivenShare(goal.share)} of the accepted chats abandoned${ofCallbacks}`
      : `agents busy for at least ${describeGivenShare(goal.share)} of their time`;
  const lead = `The promise is ${promise}${whatIfs.length > 0 ? ' at the end, after what pacing was told during the run' : ''}. An invite goes out when the risk that it costs an abandoned chat lies below the limit; the ledger says how many abandonments the goal still has room for.`;
  if (groups.length === 0) {
    return html`<section>
      <h2>Pacing</h2>
      <p class="lead">${lead} The run holds no decision to show.</p>
    </section>`;
  }
  return html`<section class="long">
    <h2>Pacing</h2>
    <p class="lead">${lead}</p>
    ${renderWhatIfs(context)} ${groups.map((group) => renderGroup(group, groups.length, context))}
  </section>`;
}

/** The figures of the whole run are of a mixture then, which a reader must know. */
function renderWhatIfs({ run, frame }: ReportContext): Markup | null {
  if (run.whatIfs.length === 0) return null;
  return html`<h3>What pacing was told during the run</h3>
    <ul class="notes">
      ${run.whatIfs.map(
        ({ atMs, by, sentence }) =>
          html`<li><time>${describeMoment(frame, atMs)}</time> by ${describeCommander(by)}: ${sentence}</li>`,
      )}
    </ul>`;
}

function describeCommander(by: 'scenario' | 'screen'): string {
  return by === 'screen' ? 'somebody at the screen' : 'the scenario';
}

function renderGroup(group: string, groups: number, context: ReportContext): Markup {
  const { run, frame, bins } = context;
  const points = run.pacing.filter((point) => point.group === group);
  const pacing = binPacing(points, bins);
  const panes = createPanes(pacing, groups === 1, context);
  const tips = pacing.map((bin) => {
    const last = bin.points.at(-1);
    const from = bins.find((candidate) => candidate.toMs === bin.atMs)?.fromMs ?? 0;
    return { fromMs: from, toMs: bin.atMs, text: `${describeMoment(frame, bin.atMs)}: ${last?.sentence ?? ''}` };
  });
  const about = `Pacing of ${group} over time: invites allowed and sent, risk of the next invite against its limit, the ledger, and abandonment and busy agents against the goal.`;
  return html`<h3>${group}</h3>
    <figure>${renderTimeChart({ frame, about, panes, tips, hasCaptions: run.whatIfs.length > 0 })}</figure>`;
}

function createPanes(pacing: readonly PacingBin[], isOnlyGroup: boolean, context: ReportContext): readonly Pane[] {
  const mean = (pick: (point: PacingPoint) => number): readonly Point[] =>
    pacing.map((bin) => ({
      atMs: bin.atMs,
      value: bin.points.reduce((sum, point) => sum + pick(point), 0) / bin.points.length,
    }));
  const last = (pick: (point: PacingPoint) => number | null): readonly Point[] =>
    pacing.flatMap((bin) => {
      const point = bin.points.at(-1);
      const value = point === undefined ? null : pick(point);
      return value === null ? [] : [{ atMs: bin.atMs, value }];
    });
  const isAbandonment = context.goal.target === 'ABANDONMENT_RATE';
  const panes: Pane[] = [
    {
      title: 'Invites',
      height: 84,
      layers: [
        ...(isOnlyGroup ? [createSentBars(context)] : []),
        {
          kind: 'line',
          name: 'allowed, mean of the decisions',
          color: 'pacing',
          points: mean((point) => point.allowed),
        },
      ],
    },
    createRiskPane(
      mean((point) => point.risk),
      mean((point) => point.limit),
    ),
  ];
  if (isAbandonment) {
    const ledger = last((point) => point.ledger);
    panes.push({
      title: 'Ledger, chats',
      height: 64,
      layers: [{ kind: 'line', name: 'ledger', color: 'pacing', points: ledger }],
    });
  }
  const isVoice = pacing.some(({ points }) => points.some(({ channel }) => channel === 'webcallback'));
  panes.push(createPromisePane(last, isVoice, context));
  return panes;
}

/** What lies far above the limit is refused, however far: there the line is cut off, so that what is near the limit can be seen. */
function createRiskPane(risk: readonly Point[], limit: readonly Point[]): Pane {
  const cut = roundUp(Math.max(0, ...limit.map((point) => point.value)) * RISK_AXIS_LIMITS);
  const isCut = risk.some((point) => point.value > cut);
  const end = isCut ? cut : roundUp(Math.max(0, ...[...risk, ...limit].map((point) => point.value)));
  return {
    title: 'Risk of the next invite, expected abandonments',
    height: 84,
    max: end,
    layers: [
      {
        kind: 'line',
        name: isCut ? `risk, cut off at ${describeNumber(cut)}` : 'risk',
        color: 'pacing',
        points: risk.map(({ atMs, value }) => ({ atMs, value: Math.min(value, end) })),
      },
      { kind: 'line', name: 'limit', color: 'ink', points: limit, isDashed: true },
    ],
  };
}

function createSentBars({ bins }: ReportContext) {
  const bars = bins.map((bin) => ({ fromMs: bin.fromMs, toMs: bin.toMs, value: sumOf(bin, (point) => point.sent) }));
  return { kind: 'bars', name: `sent per ${describeBinLength(bins)}`, color: 'pacing', bars, isHatched: true } as const;
}

function createPromisePane(
  last: (pick: (point: PacingPoint) => number | null) => readonly Point[],
  isVoice: boolean,
  { goal }: ReportContext,
): Pane {
  const isAbandonment = goal.target === 'ABANDONMENT_RATE';
  const lost = isVoice ? 'Late' : 'Abandoned';
  const points = last((point) => (isAbandonment ? point.abandonmentShare : point.busyShare));
  const worst = Math.max(goal.share, ...points.map((point) => point.value));
  return {
    title: isAbandonment ? `${lost} so far` : 'Busy so far',
    height: 72,
    describe: (value) => `${describeNumber(value * 100)} %`,
    ...(isAbandonment ? { max: worst * 1.25 } : { max: 1 }),
    layers: [
      {
        kind: 'line',
        name: isAbandonment ? `${lost.toLowerCase()}, from the start` : 'busy, from the start',
        color: 'chats',
        points,
      },
      { kind: 'limit', name: `goal ${describeGivenShare(goal.share)}`, color: 'ink', value: goal.share },
    ],
  };
}
