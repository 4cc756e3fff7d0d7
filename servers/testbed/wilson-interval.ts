/**
 * Interval of a share that was counted, e.g. of accepted chats that were abandoned. Source: E. B. Wilson, Probable Inference, the
 * Law of Succession, and Statistical Inference, JASA 22 (1927): it stays within 0 and 1 and says something for no hit at all.
 */
import { assert } from '#core/assert.ts';

/** 97.5 % quantile of the normal distribution: an interval of 95 %. */
const z = 1.959964;

/** Low and high end, 95 %, as if each of `of` were decided on its own; null: nothing was counted. */
export function wilsonInterval(hits: number, of: number): readonly [number, number] | null {
  assert(hits >= 0 && hits <= of, `${hits} hits of ${of}`);
  if (of === 0) return null;
  const share = hits / of;
  const middle = (share + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const reach = (z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of);
  return [hits === 0 ? 0 : Math.max(0, middle - reach), hits === of ? 1 : Math.min(1, middle + reach)];
}
