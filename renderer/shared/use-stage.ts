/** Counts up to `last`, one an animation frame: panels are built one by one, and no frame has to build all. */
import { useEffect, useState } from 'react';

export function useStage(last: number): number {
  const [stage, setStage] = useState(0);
  useEffect(() => {
    if (stage >= last) return undefined;
    const frame = requestAnimationFrame(() => setStage(stage + 1));
    return () => cancelAnimationFrame(frame);
  }, [stage, last]);
  return stage;
}
