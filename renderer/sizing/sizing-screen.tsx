/** Sizing: inputs at the left, at the right what they take. The address says which of its two places is shown. */
import type { ReactNode } from 'react';
import type { SizingTraffic } from '#protocol/run-feed.ts';
import { usePlace } from '#renderer/screens.ts';
import { isConsistencyPlace } from '#renderer/view/consistency-form.ts';
import { ConsistencyPlace } from '#renderer/sizing/consistency-place.tsx';
import { LoadPlace } from '#renderer/sizing/load-place.tsx';

interface SizingScreenProps {
  /** Opens the start of a run with this traffic. */
  readonly onSimulate: (traffic: SizingTraffic) => void;
  readonly onStarted: () => void;
}

export function SizingScreen({ onSimulate, onStarted }: SizingScreenProps): ReactNode {
  if (isConsistencyPlace(usePlace())) return <ConsistencyPlace />;
  return <LoadPlace onSimulate={onSimulate} onStarted={onStarted} />;
}
