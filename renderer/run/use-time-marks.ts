/** What was done to nodes, and pacing told, on purpose, for all charts of a screen; the same array until something is done or ends. */
import { useState } from 'react';
import type { LiveFault } from '#protocol/run-feed-live.ts';
import type { WhatIfMark } from '#protocol/run-feed.ts';
import { useRunView } from '#renderer/feed/run-context.tsx';
import type { TimeMark } from '#renderer/charts/time-marks.tsx';
import { faultMarks } from '#renderer/view/fault-marks.ts';
import { whatIfMarks } from '#renderer/view/what-if-marks.ts';

export function useTimeMarks(): readonly TimeMark[] {
  const { status } = useRunView('nodes');
  const next = [
    ...faultMarks(status?.live?.faults ?? NO_FAULTS, status?.virtualMs ?? 0),
    ...whatIfMarks(status?.whatIfs ?? NO_WHAT_IFS),
  ];
  const [marks, setMarks] = useState(next);
  const isSame =
    marks.length === next.length &&
    next.every(({ key, untilMs }, index) => marks[index]?.key === key && marks[index].untilMs === untilMs);
  if (isSame) return marks;
  setMarks(next);
  return next;
}

const NO_FAULTS: readonly LiveFault[] = [];
const NO_WHAT_IFS: readonly WhatIfMark[] = [];
