/** Figures of a run and its counterpart side by side, and how far they lie apart. One seed each: chance is in the difference. */
import type { CounterpartFigure } from '#protocol/run-feed-counterpart.ts';
import type { RunTotals } from '#protocol/run-feed.ts';

/** What pacing promises first, then what it is made of. */
const FIGURES = [
  ['abandonmentShare', 'share'],
  ['busyShare', 'share'],
  ['sent', 'count'],
  ['accepted', 'count'],
  ['abandoned', 'count'],
  ['refused', 'count'],
] as const satisfies readonly (readonly [CounterpartFigure['name'], CounterpartFigure['unit']])[];

/** Both counted to the same moment. */
export function compareTotals(own: RunTotals, counterpart: RunTotals): readonly CounterpartFigure[] {
  return FIGURES.map(([name, unit]) => {
    const mine = own[name];
    const other = counterpart[name];
    return {
      name,
      unit,
      own: mine,
      counterpart: other,
      difference: mine === null || other === null ? null : mine - other,
    };
  });
}
