// A range that is searched: where values lie in it, and which value a place means.

import {short} from "../numbers.js";
import {rangeOn} from "../scales.js";

/** @typedef {import("../server/types.js").SearchSide} Range */

const PIXELS = 512; // along a side: a value is written no finer

/**
 * @param {Pick<Range, "low" | "high" | "scale" | "is_integer">} range
 */
export function spanOf({low, high, scale, is_integer: isInteger}) {
  const {shareOf, valueAt: at} = rangeOn(scale, low, high);
  return {
    shareOf,
    /**
     * The value at a share, in as few digits as tell it from those of the pixels beside.
     * @param {number} share
     */
    valueAt(share) {
      const value = Math.min(Math.max(at(share), low), high);
      if (isInteger) return Math.round(value);
      const width = Math.abs(at(Math.min(share + 1 / PIXELS, 1)) - at(Math.max(share - 1 / PIXELS, 0))) / 2;
      const digits = Math.min(Math.max(0, -Math.floor(Math.log10(width))), 20);
      return Math.min(Math.max(Number(value.toFixed(digits)), low), high);
    },
    range: /** @type {[number, number]} */ ([low, high]),
  };
}

/** @typedef {ReturnType<typeof spanOf>} Span */

/**
 * What a number is called: its symbol, or its title.
 * @param {Range} range
 */
export const calledOf = ({symbol, title}) => symbol || title;

/**
 * A value as people read it: what matters of 0.99978 is the distance to 1.
 * @param {Range} range @param {number} value
 */
export function sayNumber({scale}, value) {
  if (scale !== "one_minus_log" || value >= 1) return short(value);
  return short(value, Math.max(2, 2 - Math.floor(Math.log10(1 - value))));
}
