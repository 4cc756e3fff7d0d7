/** Measures how long the page's main thread is held at a stretch while a run of 200 events a second is shown. */
import type { Page } from 'playwright-core';

export interface MainThread {
  /** Tasks of the page's main thread. */
  readonly tasks: number;
  /** The longest, wall ms, as PerformanceObserver's `longtask` would tell it. */
  readonly longestMs: number;
  /** The longest by processor time: what it would be on a machine that does nothing else. */
  readonly longestCpuMs: number;
  /** Share of one processor that the page takes. */
  readonly busyShare: number;
  /** Entries of PerformanceObserver('longtask'): tasks above 50 ms. */
  readonly longTasks: readonly number[];
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

export async function measureMainThread(page: Page, seconds: number): Promise<MainThread> {
  const browser = page.context().browser();
  if (!browser) throw new Error('the page has no browser');
  await page.evaluate(() => {
    const durations: number[] = [];
    Object.assign(globalThis, { longTasks: durations });
    new PerformanceObserver((list) => durations.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
    });
  });
  const session = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value as unknown as TraceEvent[]) {
      if (event.name === 'RunTask' || event.name === 'ThreadControllerImpl::RunTask' || event.name === 'thread_name')
        events.push(event);
    }
  });
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['disabled-by-default-devtools.timeline', 'devtools.timeline', 'toplevel'] },
  });
  await page.waitForTimeout(seconds * 1_000);
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  const longTasks = await page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks);
  return { ...summarize(events, seconds), longTasks };
}

/** Of the busiest renderer's main thread: the page's. */
function summarize(events: readonly TraceEvent[], seconds: number): Omit<MainThread, 'longTasks'> {
  const place = ({ pid, tid }: TraceEvent): string => `${pid}/${tid}`;
  const main = new Set(
    events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(place),
  );
  const threads = new Map<string, TraceEvent[]>();
  for (const event of events) {
    if (event.name !== 'RunTask' || !main.has(place(event))) continue;
    threads.set(place(event), [...(threads.get(place(event)) ?? []), event]);
  }
  const cpu = (tasks: readonly TraceEvent[]): number => tasks.reduce((sum, { tdur }) => sum + (tdur ?? 0), 0);
  const tasks = [...threads.values()].sort((a, b) => cpu(b) - cpu(a))[0] ?? [];
  return {
    tasks: tasks.length,
    longestMs: Math.max(0, ...tasks.map(({ dur }) => (dur ?? 0) / 1_000)),
    longestCpuMs: Math.max(0, ...tasks.map(({ tdur }) => (tdur ?? 0) / 1_000)),
    busyShare: cpu(tasks) / 1_000_000 / seconds,
  };
}
