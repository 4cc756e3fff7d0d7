/** Distributions of durations as scenario files write them; all parameters are integer or fractional milliseconds. */
export type DurationDistribution =
  | { readonly kind: 'constant'; readonly meanMs: number }
  | { readonly kind: 'exponential'; readonly meanMs: number }
  /** `cv` = standard deviation / mean, > 0. */
  | { readonly kind: 'lognormal'; readonly meanMs: number; readonly cv: number }
  | { readonly kind: 'gamma'; readonly meanMs: number; readonly cv: number }
  | { readonly kind: 'uniform'; readonly fromMs: number; readonly toMs: number };
