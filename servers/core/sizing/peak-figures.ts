/** The formulas behind the check of the guide's peak. */
import { formatShort as format } from './figure-text.ts';
import type { Figure } from './figure.ts';
import type { PeakCheck } from './load.ts';
import type { SizingNumbers } from './sizing-numbers.ts';

export function listPeakFigures({ busyHour, peak, peakCheck }: SizingNumbers): readonly Figure[] {
  const mean = format(busyHour.visitsPerSecond);
  const share = format(peakCheck.exceededShare);
  const hourly = peakCheck.visitsExceededOnceAnHour;
  const daily = peakCheck.visitsExceededOnceADay;
  const standardDeviation = (peakCheck.spreadEventsPerSecond - busyHour.eventsPerSecond) / 4;
  const figure = (name: keyof PeakCheck, label: string, unit: string, formula: string, worked: string): Figure => {
    const source = name === 'spreadEventsPerSecond' ? 'Ours: compound Poisson process' : 'Ours: exact Poisson tail';
    return { path: `peakCheck.${name}`, label, value: peakCheck[name], unit, formula, worked, source };
  };
  return [
    figure(
      'visitsCovered',
      'Visits of a second that the peak covers',
      'visits/s',
      'floor(peak)',
      `floor(${format(peak.visitsPerSecond)})`,
    ),
    figure(
      'exceededShare',
      'Chance of a second above the peak',
      'share',
      'P(N > covered), N Poisson(mean)',
      `P(N > ${format(peakCheck.visitsCovered)}), mean ${mean}`,
    ),
    figure('exceededSecondsPerHour', 'Seconds above the peak', 's/h', '3600 x chance', `3,600 x ${share}`),
    figure(
      'exceededSecondsPerDay',
      'Seconds above the peak, at this rate all day',
      's/day',
      '86400 x chance',
      `86,400 x ${share}`,
    ),
    figure(
      'visitsExceededOnceAnHour',
      'Exceeded in at most one second an hour',
      'visits/s',
      'smallest k with 3600 x P(N > k) <= 1, N Poisson(mean)',
      `3,600 x P(N > ${format(hourly)}) <= 1, mean ${mean}`,
    ),
    figure(
      'visitsExceededOnceADay',
      'Exceeded in at most one second a day',
      'visits/s',
      'smallest k with 86400 x P(N > k) <= 1, N Poisson(mean)',
      `86,400 x P(N > ${format(daily)}) <= 1, mean ${mean}`,
    ),
    figure(
      'spreadEventsPerSecond',
      'Peak of events when page views spread over the visit',
      'events/s',
      'mean + 4 x sqrt(visits/s x E[events of its start ^2] + page views/s x E[events of a page ^2])',
      `${format(busyHour.eventsPerSecond)} + 4 x ${format(standardDeviation)}`,
    ),
  ];
}
