/** What pacing promises (`pacing.connector.optimizationTarget`): abandonment at most the goal, or agents busy at least the goal. */
export type OptimizationTarget = 'ABANDONMENT_RATE' | 'BUSY_FACTOR';
