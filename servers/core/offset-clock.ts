/** How far the clocks of a time zone are ahead of UTC. Asked for once a quarter of an hour: it changes at no other time. */

const MINUTE_MS = 60_000;
/** Zones change their offset at full quarters of an hour of UTC. */
const OFFSET_STEP_MS = 15 * MINUTE_MS;

/** What the clock of an IANA time zone shows ahead of UTC at a moment, ms. */
export function createOffsetClock(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  let step = Number.NaN;
  let offsetMs = 0;
  return (at) => {
    const asked = Math.floor(at / OFFSET_STEP_MS);
    if (asked !== step) {
      step = asked;
      offsetMs = parseOffset(format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '');
    }
    return offsetMs;
  };
}

/** `GMT`, `GMT-03:30`, `GMT+01:00`. */
function parseOffset(text: string): number {
  const [, sign, hours = 0, minutes = 0] = /^GMT([+-])(\d\d):(\d\d)/u.exec(text) ?? [];
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  return sign === '-' ? -offsetMs : offsetMs;
}
