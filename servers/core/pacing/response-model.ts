/**
 * How invites are answered, as the forecast needs it. Two kinds: the estimator that learns from answers, and the exponential
 * one of closed examples.
 */
export interface ResponseModel {
  /** Moments after now at which the backlog is judged, seconds, rising: quantiles of the accept delay. */
  readonly horizons: Float64Array;
  /** Chance that an invite of this age, still pending, is accepted within `horizons[epoch]`. */
  acceptedWithin(epoch: number, ageSeconds: number): number;
}

/** Every invite ends after an exponential time whatever its outcome, so its age says nothing. */
export function createExponentialResponse(acceptShare: number, meanSeconds: number, epochs: number): ResponseModel {
  const horizons = new Float64Array(epochs);
  const shares = new Float64Array(epochs);
  for (let j = 0; j < epochs; j += 1) {
    const quantile = (j + 0.5) / epochs;
    horizons[j] = -meanSeconds * Math.log(1 - quantile);
    shares[j] = acceptShare * quantile;
  }
  return { horizons, acceptedWithin: (epoch) => shares[epoch] ?? 0 };
}
