// Sliders: where on its track a value lies, and which round value a position means.

/** @typedef {import("./declarations.js").NumberKind} NumberKind */

export const POSITIONS = 1000;

/** @type {{[scale: string]: {into(value: number): number, outOf(position: number): number}}} */
const SCALES = {
  linear: {into: (value) => value, outOf: (position) => position},
  log: {into: Math.log10, outOf: (position) => 10 ** position},
  // What matters of 0.9, 0.99, 0.999 is the distance to 1.
  one_minus_log: {into: (value) => -Math.log10(1 - value), outOf: (position) => 1 - 10 ** -position},
};

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
  const {into} = SCALES[number.scale];
  const [low, high] = number.slider.map(into);
  const share = (into(Math.min(Math.max(value, number.slider[0]), number.slider[1])) - low) / (high - low);
  return Math.round(share * positionsOf(number));
}

/**
 * The value at a position, to three significant digits of what the eye compares.
 * @param {NumberKind} number
 * @param {number} position
 */
export function valueAt(number, position) {
  const {into, outOf} = SCALES[number.scale];
  const [low, high] = number.slider.map(into);
  const positions = positionsOf(number);
  if (position <= 0) return number.slider[0];
  if (position >= positions) return number.slider[1];
  const value = outOf(low + (position / positions) * (high - low));
  if (number.isInteger) return Math.round(value);
  if (number.scale === "one_minus_log") return significant(1 - significant(1 - value, 3), 12);
  if (number.scale === "log") return significant(value, 3);
  const digit = 10 ** Math.floor(Math.log10((high - low) / positions) + 0.001);
  return significant(Math.round(value / digit) * digit, 12);
}
