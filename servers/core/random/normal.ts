/** Normal numbers by inversion: exactly one uniform draw each, so that two runs with common random numbers stay in step. */
import type { RandomStream } from './stream.ts';

/**
 * The standard normal quantile: x with P(Z <= x) = p, for p in [0, 1]; -Infinity at 0, Infinity at 1.
 * Algorithm AS 241, routine PPND16 (Wichura, Applied Statistics 37(3), 1988): relative accuracy about 1e-16.
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (q >= -0.425 && q <= 0.425) return q * centralRatio(0.180625 - q * q);
  const tail = q < 0 ? p : 1 - p;
  if (!(tail > 0)) return q < 0 ? -Infinity : Infinity;
  const r = Math.sqrt(-Math.log(tail));
  const x = r <= 5 ? middleRatio(r - 1.6) : farRatio(r - 5);
  return q < 0 ? -x : x;
}

/** One standard normal number; finite. */
export function sampleNormal(stream: RandomStream): number {
  let uniform = stream.next();
  while (uniform === 0) uniform = stream.next();
  return normalQuantile(uniform);
}

function centralRatio(r: number): number {
  return (
    polynomial(
      r,
      2509.0809287301227,
      33430.57558358813,
      67265.7709270087,
      45921.95393154987,
      13731.69376550946,
      1971.5909503065513,
      133.14166789178438,
      3.3871328727963665,
    ) /
    polynomial(
      r,
      5226.495278852546,
      28729.085735721943,
      39307.89580009271,
      21213.794301586597,
      5394.196021424751,
      687.1870074920579,
      42.31333070160091,
      1,
    )
  );
}

function middleRatio(r: number): number {
  return (
    polynomial(
      r,
      0.0007745450142783414,
      0.022723844989269184,
      0.2417807251774506,
      1.2704582524523684,
      3.6478483247632045,
      5.769497221460691,
      4.630337846156546,
      1.4234371107496835,
    ) /
    polynomial(
      r,
      1.0507500716444169e-9,
      0.0005475938084995345,
      0.015198666563616457,
      0.14810397642748008,
      0.6897673349851,
      1.6763848301838038,
      2.053191626637759,
      1,
    )
  );
}

function farRatio(r: number): number {
  return (
    polynomial(
      r,
      2.0103343992922881e-7,
      2.7115555687434876e-5,
      0.0012426609473880784,
      0.026532189526576124,
      0.29656057182850487,
      1.7848265399172913,
      5.463784911164114,
      6.657904643501103,
    ) /
    polynomial(
      r,
      2.0442631033899397e-15,
      1.421511758316446e-7,
      1.8463183175100548e-5,
      0.0007868691311456133,
      0.014875361290850615,
      0.1369298809227358,
      0.599832206555888,
      1,
    )
  );
}

/** a7 x^7 + ... + a0 by Horner's scheme; written out, as this runs for every lognormal draw. */
function polynomial(
  x: number,
  a7: number,
  a6: number,
  a5: number,
  a4: number,
  a3: number,
  a2: number,
  a1: number,
  a0: number,
): number {
  return ((((((a7 * x + a6) * x + a5) * x + a4) * x + a3) * x + a2) * x + a1) * x + a0;
}
