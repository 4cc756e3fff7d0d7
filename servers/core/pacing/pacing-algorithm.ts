/** The guide's four algorithms (`pacing.connector.algorithm`). */
export type PacingAlgorithm = 'SUPER_PROGRESSIVE' | 'SUPER_PROGRESSIVE_DUAL' | 'PREDICTIVE_B' | 'PREDICTIVE_B_DUAL';

/** Whether the algorithm counts reactive traffic too. */
export function isDual(algorithm: PacingAlgorithm): boolean {
  return algorithm === 'SUPER_PROGRESSIVE_DUAL' || algorithm === 'PREDICTIVE_B_DUAL';
}
