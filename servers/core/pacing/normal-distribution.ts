/**
 * The normal distribution's functions to the last digits of a double: G. West, "Better approximations to cumulative normal
 * functions" (Wilmott, May 2005), which gives J. F. Hart's rational approximation, in the far tails a continued fraction.
 */

/** Density at x of the standard normal distribution. */
export function normalDensity(x: number): number {
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
}

/** Chance that a standard normal variable is at most x. */
export function normalShare(x: number): number {
  const size = Math.abs(x);
  const tail = size > 37 ? 0 : size < 7.071_067_811_865_47 ? innerTail(size) : outerTail(size);
  return x > 0 ? 1 - tail : tail;
}

function innerTail(x: number): number {
  let above = 3.526_249_659_989_11e-2 * x + 0.700_383_064_443_688;
  above = above * x + 6.373_962_203_531_65;
  above = above * x + 33.912_866_078_383;
  above = above * x + 112.079_291_497_871;
  above = above * x + 221.213_596_169_931;
  above = above * x + 220.206_867_912_376;
  let below = 8.838_834_764_831_84e-2 * x + 1.755_667_163_182_64;
  below = below * x + 16.064_177_579_207;
  below = below * x + 86.780_732_202_946_1;
  below = below * x + 296.564_248_779_674;
  below = below * x + 637.333_633_378_831;
  below = below * x + 793.826_512_519_948;
  below = below * x + 440.413_735_824_752;
  return (Math.exp(-0.5 * x * x) * above) / below;
}

function outerTail(x: number): number {
  const fraction = x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65))));
  return normalDensity(x) / fraction;
}
