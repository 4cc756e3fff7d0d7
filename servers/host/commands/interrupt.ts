/** Ctrl-C while something long runs: a signal for it to end by, so that it tidies up after itself. */
import { OperatingError } from '#protocol/operating-error.ts';

export interface Interrupt {
  readonly signal: AbortSignal;
  /** To be called when the work is over. */
  readonly end: () => void;
}

export function createInterrupt(): Interrupt {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new OperatingError('INTERRUPTED', 'interrupted'));
  process.on('SIGINT', abort);
  process.on('SIGTERM', abort);
  return {
    signal: controller.signal,
    end: () => {
      process.off('SIGINT', abort);
      process.off('SIGTERM', abort);
    },
  };
}
