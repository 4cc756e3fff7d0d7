/** The scenario's own clock: virtual time as people in its time zone would read it off the wall. */

export interface ScenarioClock {
  /** `09:37:12`. */
  time(virtualMs: number): string;
  /** `09:37`. */
  minute(virtualMs: number): string;
  /** `Mon 2 Mar`. */
  day(virtualMs: number): string;
}

/** `startsAt`: epoch ms of virtual time 0. A time zone that the browser doesn't know is read as UTC. */
export function createScenarioClock(startsAt: number, timeZone: string): ScenarioClock {
  const zone = isKnownZone(timeZone) ? timeZone : 'UTC';
  const time = formatter({ hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: zone });
  const minute = formatter({ hour: '2-digit', minute: '2-digit', timeZone: zone });
  const day = formatter({ weekday: 'short', day: 'numeric', month: 'short', timeZone: zone });
  return {
    time: (virtualMs) => time.format(startsAt + virtualMs),
    minute: (virtualMs) => minute.format(startsAt + virtualMs),
    day: (virtualMs) => day.format(startsAt + virtualMs).replaceAll(',', ''),
  };
}

function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', { ...options, hourCycle: 'h23' });
}

function isKnownZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
