/** A number with what stands behind it, so that a screen can answer "where does this come from?". */
export interface Figure {
  /** Place in the report, e.g. `peak.eventsPerSecond`. */
  readonly path: string;
  readonly label: string;
  readonly value: number;
  readonly unit: string;
  readonly formula: string;
  /** The formula with this report's values. */
  readonly worked: string;
  /** A heading of the deployment guide ("Guide: ..."), or ours. */
  readonly source: string;
}
