// Sliders: where on its track a value lies, and which round value a position means.

/** @typedef {import("./declarations.js").NumberKind} NumberKind */

export const POSITIONS = 1000;

/**
 * @typedef {"linear" | "log" | "one_minus_log"} Scale
 * @typedef {{into(value: number): number, outOf(place: number): number}} Transform An increasing function from values
 *   to places, and its inverse: equal steps of a place look equal.
 */

/**
 * As app/schema/scales.py has them; tests/data/scales.json holds both to the same values.
 * @type {Record<Scale, Transform>}
 */
export const SCALES = {
  linear: {into: (value) => value, outOf: (place) => place},
  log: {into: Math.log, outOf: Math.exp},
  // What matters of 0.9, 0.99, 0.999 is the distance to 1. So written, values near 0 keep their digits.
  one_minus_log: {into: (value) => -Math.log1p(-value), outOf: (place) => -Math.expm1(-place)},
};

/**
 * A range on a scale: the share of the way from `low` (0) to `high` (1) at which a value lies, and the other way round.
 * @param {Scale} scale
 * @param {number} low
 * @param {number} high
 */
export function rangeOn(scale, low, high) {
  const {into, outOf} = SCALES[scale];
  const [first, last] = [into(low), into(high)];
  return {
    shareOf: (/** @type {number} */ value) => (into(value) - first) / (last - first),
    valueAt: (/** @type {number} */ share) => outOf(first + share * (last - first)),
  };
}

/**
 * Round to so many significant digits.
 * @param {number} value
 * @param {number} digits
 */
export function significant(value, digits) {
  return Number(value.toPrecision(digits));
}

/**
 * How many positions the slider has: one for each value of a short range of whole numbers.
 * @param {NumberKind} number
 */
export function positionsOf({slider: [low, high], scale, isInteger}) {
  return isInteger && scale === "linear" && high - low <= POSITIONS ? high - low : POSITIONS;
}

/**
 * The position of a value, from 0 to `positionsOf`; values beyond the slider lie at its ends.
 * @param {NumberKind} number
 * @param {number} value
 */
export function positionOf(number, value) {
  const [low, high] = number.slider;
  const share = rangeOn(number.scale, low, high).shareOf(Math.min(Math.max(value, low), high));
  return Math.round(share * positionsOf(number));
}

/**
 * The value at a position, to three significant digits of what the eye compares.
 * @param {NumberKind} number
 * @param {number} position
 */
export function valueAt(number, position) {
  const [low, high] = number.slider;
  const positions = positionsOf(number);
  if (position <= 0) return low;
  if (position >= positions) return high;
  const value = rangeOn(number.scale, low, high).valueAt(position / positions);
  if (number.isInteger) return Math.round(value);
  if (number.scale === "one_minus_log") return significant(1 - significant(1 - value, 3), 12);
  if (number.scale === "log") return significant(value, 3);
  const digit = 10 ** Math.floor(Math.log10((high - low) / positions) + 0.001);
  return significant(Math.round(value / digit) * digit, 12);
}
