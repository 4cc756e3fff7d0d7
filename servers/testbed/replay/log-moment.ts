/** Moments of a log as people read them, UTC. */

/** `2015-05-17 10:05:03`. */
export function describeMoment(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

/** `10:05:03`. */
export function describeTimeOfDay(at: number): string {
  return describeMoment(at).slice(11);
}

/** `2015-05-17T10:00Z`: the hour that begins at `at`. */
export function describeHour(at: number): string {
  return `${new Date(at).toISOString().slice(0, 13)}:00Z`;
}
