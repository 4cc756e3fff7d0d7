/** `DRILLS=full`: the full counts of the goals, by hand; else what an hour of continuous integration has room for. */
export const isFull = process.env['DRILLS'] === 'full';
