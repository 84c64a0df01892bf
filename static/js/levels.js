// Contour levels: log-spaced values of the gap, loss − lowest, so that flat valleys and steep walls both show.

/**
 * @typedef {{z: Float32Array, low: number, high: number, step: number}} Levels `z` is log10 of the gap; contour lines
 *   are drawn at low, low + step, …, high.
 */

const MOST_DECADES = 6;
const LINES = 14;
const STEPS = [1, 0.5, 0.25, 0.125, 0.05, 0.025, 0.01];

/**
 * Choose the levels of a grid of gaps.
 * @param {ArrayLike<number>} gaps
 * @returns {Levels}
 */
export function levelsOf(gaps) {
  const z = new Float32Array(gaps.length);
  const finite = [];
  for (let index = 0; index < gaps.length; index++) {
    const gap = gaps[index];
    // What is at the lowest value, or by rounding below it, is lower than every line.
    z[index] = gap > 0 ? Math.log10(gap) : gap <= 0 ? -Infinity : NaN;
    if (Number.isFinite(z[index])) finite.push(z[index]);
  }
  finite.sort((a, b) => a - b);
  const top = finite.at(-1) ?? 0;
  const bottom = Math.max(finite[Math.floor(finite.length * 0.002)] ?? 0, top - MOST_DECADES);
  const span = Math.max(top - bottom, 0.05);
  const step = STEPS.findLast((size) => span / size <= LINES) ?? 1;
  const low = Math.ceil(bottom / step) * step;
  const high = Math.max(Math.floor(top / step) * step, low);
  for (let index = 0; index < z.length; index++) if (z[index] < low - step) z[index] = low - step;
  return {z, low, high, step};
}
