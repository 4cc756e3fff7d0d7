/** The charts of pacing in their order: the decision and its room, what it weighed, and what came of it. */
import type { ChartsContext, PacingChart } from '#renderer/view/pacing-chart.ts';
import { allowedChart, idleChart, ledgerChart, riskChart, sentChart } from '#renderer/view/pacing-charts-decision.ts';
import { abandonmentChart, busyChart } from '#renderer/view/pacing-charts-promise.ts';
import { priceChart, reactiveChart, slotsChart, waitingChart } from '#renderer/view/pacing-charts-room.ts';

export function pacingCharts(context: ChartsContext): readonly PacingChart[] {
  const { goal, isDual, isPlain } = context;
  const charts: PacingChart[] = [allowedChart(), sentChart(context), slotsChart(context), waitingChart(context)];
  if (!isPlain) charts.push(riskChart());
  if (!isPlain && goal.target === 'BUSY_FACTOR') charts.push(idleChart(context));
  if (!isPlain && goal.target === 'ABANDONMENT_RATE') charts.push(ledgerChart(isDual));
  charts.push(abandonmentChart(context), busyChart(context));
  if (isDual && !isPlain) charts.push(reactiveChart(), priceChart());
  return charts;
}
