/**
 * Three times as much as the real nodes can take, to a store on disk: what is still stored a second, and whether every
 * request is accounted for.
 */
import type { BenchOptions } from './intake-bench-options.ts';
import { startBenchCluster } from './intake-bench-cluster.ts';
import { describeRounds, median, percentile, printTable } from './intake-bench-report.ts';
import { HttpLoad, type LoadFigures } from './intake-load.ts';
import { ShopTraffic } from './intake-visits.ts';

const PEAK_CONNECTIONS = 64;
/** More than may wait at once, so that the door has to shut. */
const CONNECTIONS = 6_000;
const TIMES_CAPACITY = 3;
/** Long enough for those who were refused to come again. */
const OVERLOAD_MS_MIN = 8_000;

function perSecond({ stored, elapsedMs }: LoadFigures): number {
  return (stored * 1_000) / elapsedMs;
}

export async function benchOverload({ rounds, roundMs }: BenchOptions): Promise<void> {
  const bench = await startBenchCluster('sqlite');
  const traffic = new ShopTraffic(1, 'o0');
  const measurePeak = async (): Promise<number> => {
    const calm = await new HttpLoad(traffic).open(bench.port, PEAK_CONNECTIONS);
    const figures = await calm.runClosed(roundMs);
    calm.close();
    return perSecond(figures);
  };
  await measurePeak();
  const peaks: number[] = [];
  const overloads: LoadFigures[] = [];
  for (let round = 0; round < rounds; round += 1) {
    peaks.push(await measurePeak());
    const crowd = await new HttpLoad(new ShopTraffic(1, `p${round.toString(36)}`)).open(bench.port, CONNECTIONS);
    overloads.push(await crowd.runOpen(median(peaks) * TIMES_CAPACITY, Math.max(roundMs, OVERLOAD_MS_MIN)));
    crowd.close();
  }
  const goodputs = overloads.map(perSecond);
  printTable(`${TIMES_CAPACITY} times capacity, ${CONNECTIONS} connections (aim: 0.9x of the peak, remainder 0)`, [
    ['', 'stored a second', 'ratio'],
    [`peak, ${PEAK_CONNECTIONS} connections`, describeRounds(peaks, 0), '1.00x'],
    ['overloaded', describeRounds(goodputs, 0), `${(median(goodputs) / median(peaks)).toFixed(2)}x`],
  ]);
  for (const { sent, stored, refused, failed, unsent, latenciesMs } of overloads) {
    const remainder = sent - stored - refused - failed;
    console.log(
      `${sent + unsent} arrivals = ${stored} stored + ${refused} refused + ${unsent} unsent + ${failed} failed, ` +
        `remainder ${remainder}; answered in ${percentile(latenciesMs, 0.99).toFixed(0)} ms at p99`,
    );
  }
  await bench.stop();
}
