// Lines of equal value through a grid, and grids of a quadratic model: pure, in the coordinates of the plot.

/**
 * @typedef {import("./geometry.js").Ranges} Ranges
 * @typedef {{at: number[], loss: number, grads: number[], hessian: number[][]}} Expansion
 * @typedef {{x: ArrayLike<number>, y: ArrayLike<number>, values: ArrayLike<number>}} Field Row j, column i at (x[i], y[j])
 */

const ABOVE = Number.MIN_VALUE; // a corner exactly on the level counts as above it: lines then cross edges only

/**
 * The segments where a field takes a value (marching squares; a saddle inside a cell is cut by its mean).
 * @param {Field} field
 * @param {number} level
 * @returns {number[]} x, y, x, y of each segment
 */
export function isoline({x, y, values}, level) {
  /** @type {number[]} */
  const segments = [];
  const width = x.length;
  for (let j = 0; j + 1 < y.length; j++) {
    for (let i = 0; i + 1 < width; i++) {
      const a = values[j * width + i] - level || ABOVE;
      const b = values[j * width + i + 1] - level || ABOVE;
      const c = values[(j + 1) * width + i + 1] - level || ABOVE;
      const d = values[(j + 1) * width + i] - level || ABOVE;
      // Counter-clockwise from the lower left corner: a bit for each corner above the level.
      const sides = (a > 0 ? 1 : 0) | (b > 0 ? 2 : 0) | (c > 0 ? 4 : 0) | (d > 0 ? 8 : 0);
      if (sides === 0 || sides === 15 || !Number.isFinite(a + b + c + d)) continue;
      const bottom = () => [x[i] + (x[i + 1] - x[i]) * (a / (a - b)), y[j]];
      const right = () => [x[i + 1], y[j] + (y[j + 1] - y[j]) * (b / (b - c))];
      const top = () => [x[i] + (x[i + 1] - x[i]) * (d / (d - c)), y[j + 1]];
      const left = () => [x[i], y[j] + (y[j + 1] - y[j]) * (a / (a - d))];
      const isHigh = a + b + c + d > 0;
      switch (sides) {
        case 1:
        case 14:
          segments.push(...left(), ...bottom());
          break;
        case 2:
        case 13:
          segments.push(...bottom(), ...right());
          break;
        case 4:
        case 11:
          segments.push(...right(), ...top());
          break;
        case 7:
        case 8:
          segments.push(...top(), ...left());
          break;
        case 3:
        case 12:
          segments.push(...left(), ...right());
          break;
        case 6:
        case 9:
          segments.push(...bottom(), ...top());
          break;
        default:
          // Opposite corners are high: the mean says whether they are joined.
          if ((sides === 5) === isHigh) segments.push(...left(), ...top(), ...bottom(), ...right());
          else segments.push(...left(), ...bottom(), ...right(), ...top());
      }
    }
  }
  return segments;
}

/**
 * Join segments that meet to lines, so that dashes run on along them.
 * @param {number[]} segments x, y, x, y of each
 * @returns {number[][]} x, y, x, y … of each line
 */
export function joined(segments) {
  /** @type {Map<string, number[]>} the ends that lie at a place, as indices of their x in `segments` */
  const ends = new Map();
  const place = (/** @type {number} */ end) => `${segments[end]},${segments[end + 1]}`;
  for (let end = 0; end < segments.length; end += 2) {
    const found = ends.get(place(end));
    if (found) found.push(end);
    else ends.set(place(end), [end]);
  }
  const isUsed = new Uint8Array(segments.length / 4);
  /** Follow the line out of this end; neighbors compute a shared end from the same numbers, so it is the same. */
  const follow = (/** @type {number} */ end) => {
    const line = [segments[end], segments[end + 1]];
    for (let next = /** @type {number | undefined} */ (end); next !== undefined;) {
      next = ends.get(place(next))?.find((other) => !isUsed[other >> 2]);
      if (next === undefined) break;
      isUsed[next >> 2] = 1;
      next ^= 2; // the other end of that segment
      line.push(segments[next], segments[next + 1]);
    }
    return line;
  };
  const lines = [];
  for (let segment = 0; segment < isUsed.length; segment++) {
    if (isUsed[segment]) continue;
    isUsed[segment] = 1;
    const ahead = follow(4 * segment + 2);
    const behind = follow(4 * segment);
    for (let at = behind.length - 2; at >= 0; at -= 2)
      ahead.unshift(behind[behind.length - 2 - at], behind[behind.length - 1 - at]);
    lines.push(ahead);
  }
  return lines;
}

/**
 * The second-order model L + gᵀv + ½vᵀHv over a rectangle.
 * @param {Expansion} expansion
 * @param {Ranges} ranges
 * @param {number} count nodes a side
 * @returns {Field}
 */
export function modelField({at, loss, grads, hessian}, [x0, x1, y0, y1], count) {
  const x = Float64Array.from({length: count}, (_, i) => x0 + ((x1 - x0) * i) / (count - 1));
  const y = Float64Array.from({length: count}, (_, j) => y0 + ((y1 - y0) * j) / (count - 1));
  const values = new Float64Array(count * count);
  const [[xx, xy], [, yy]] = hessian;
  for (let j = 0; j < count; j++) {
    const v = y[j] - at[1];
    for (let i = 0; i < count; i++) {
      const u = x[i] - at[0];
      values[j * count + i] = loss + grads[0] * u + grads[1] * v + 0.5 * (xx * u * u + 2 * xy * u * v + yy * v * v);
    }
  }
  return {x, y, values};
}
