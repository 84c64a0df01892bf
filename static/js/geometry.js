// Points, paths and rectangles: what the drawing needs to know before it draws.

/**
 * @typedef {[number, number, number, number]} Ranges x0, x1, y0, y1
 * @typedef {{left: number, top: number, width: number, height: number}} Rect in pixels
 * @typedef {import("./wire.js").Tensor} Tensor
 */

/**
 * The smallest square (in units of the axes) around a rectangle, with the same middle.
 * @param {Ranges} ranges
 * @returns {Ranges}
 */
export function squareUp([x0, x1, y0, y1]) {
  const half = Math.max(x1 - x0, y1 - y0) / 2;
  const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
  // What differs by rounding only stays as it is, so that it is recognized.
  if (Math.abs(x1 - x0 - (y1 - y0)) <= 1e-6 * half) return [x0, x1, y0, y1];
  return [x - half, x + half, y - half, y + half];
}

/**
 * Whether two rectangles are the same to the eye.
 * @param {Ranges | null} a
 * @param {Ranges | null} b
 */
export function areSame(a, b) {
  if (!a || !b) return a === b;
  const size = Math.max(a[1] - a[0], a[3] - a[2], Number.MIN_VALUE);
  return a.every((value, index) => Math.abs(value - b[index]) <= 1e-5 * size);
}

/**
 * Round coordinates to a thousandth of the size of what they are seen in: links stay short, the eye sees no difference.
 * @param {number[]} values
 * @param {number} size
 */
export function roundTo(values, size) {
  const digit = 10 ** Math.floor(Math.log10(size) - 3 + 1e-9);
  return values.map((value) => Number((Math.round(value / digit) * digit).toPrecision(12)) + 0);
}

/**
 * How data become pixels.
 * @param {Ranges} ranges
 * @param {Rect} rect
 */
export function projection([x0, x1, y0, y1], {left, top, width, height}) {
  const scaleX = width / (x1 - x0);
  const scaleY = height / (y1 - y0);
  return {
    scaleX,
    scaleY,
    /** @param {number} x */
    x: (x) => left + (x - x0) * scaleX,
    /** @param {number} y */
    y: (y) => top + height - (y - y0) * scaleY,
    /** @param {number} pixel */
    fromX: (pixel) => x0 + (pixel - left) / scaleX,
    /** @param {number} pixel */
    fromY: (pixel) => y0 + (top + height - pixel) / scaleY,
  };
}

/** @typedef {ReturnType<typeof projection>} Projection */

/**
 * How many rows of a path can be drawn: up to the first that is not finite.
 * @param {Tensor} params
 */
export function finiteRows({data, shape: [rows]}) {
  for (let row = 0; row < rows; row++) {
    if (!Number.isFinite(data[2 * row]) || !Number.isFinite(data[2 * row + 1])) return row;
  }
  return rows;
}

/** @param {Ranges} ranges @param {number} x @param {number} y */
export function isInside([x0, x1, y0, y1], x, y) {
  return x >= x0 && x <= x1 && y >= y0 && y <= y1;
}

/**
 * The part of a segment that lies in a rectangle (Liang and Barsky, 1984), or null.
 * @param {Ranges} ranges
 * @param {number} ax
 * @param {number} ay
 * @param {number} bx
 * @param {number} by
 * @returns {[number, number, number, number] | null} both ends: x, y, x, y
 */
export function clipSegment([x0, x1, y0, y1], ax, ay, bx, by) {
  const [dx, dy] = [bx - ax, by - ay];
  let [from, to] = [0, 1];
  const sides = [
    [-dx, ax - x0],
    [dx, x1 - ax],
    [-dy, ay - y0],
    [dy, y1 - ay],
  ];
  for (const [into, distance] of sides) {
    if (into === 0 && distance < 0) return null;
    if (into < 0) from = Math.max(from, distance / into);
    if (into > 0) to = Math.min(to, distance / into);
  }
  return from > to ? null : [ax + from * dx, ay + from * dy, ax + to * dx, ay + to * dy];
}

/**
 * Where a path that is outside at row `last` went out, for the arrow at the edge; null if it is inside.
 * @param {Tensor} params
 * @param {number} last The row shown
 * @param {Ranges} ranges
 * @returns {{step: number, x: number, y: number, dx: number, dy: number} | null} The first row outside, where the
 *   path crosses the edge, and its direction there.
 */
export function exitOf({data, shape: [rows]}, last, ranges) {
  let row = Math.min(last, rows - 1);
  if (isInside(ranges, data[2 * row], data[2 * row + 1])) return null;
  while (row > 0 && !isInside(ranges, data[2 * row - 2], data[2 * row - 1])) row--;
  if (row === 0) return null; // never was inside
  const [ax, ay] = [data[2 * row - 2], data[2 * row - 1]];
  let [bx, by] = [data[2 * row], data[2 * row + 1]];
  if (!Number.isFinite(bx) || !Number.isFinite(by)) {
    // The direction of the last finite step is the best that is known.
    if (row < 2) return null;
    [bx, by] = [ax + 1e6 * (ax - data[2 * row - 4]), ay + 1e6 * (ay - data[2 * row - 3])];
  }
  const clipped = clipSegment(ranges, ax, ay, bx, by);
  return clipped && {step: row, x: clipped[2], y: clipped[3], dx: bx - ax, dy: by - ay};
}

/**
 * The angle between two vectors in degrees, or null if one of them is nothing.
 * @param {number} ax
 * @param {number} ay
 * @param {number} bx
 * @param {number} by
 */
export function angleBetween(ax, ay, bx, by) {
  const size = Math.hypot(ax, ay) * Math.hypot(bx, by);
  if (!(size > 0) || !Number.isFinite(size)) return null;
  // The cosine alone would lose small angles.
  return (Math.atan2(Math.abs(ax * by - ay * bx), ax * bx + ay * by) * 180) / Math.PI;
}

/**
 * The nearest of some points.
 * @param {{at: number[]}[]} points
 * @param {number} x
 * @param {number} y
 * @returns {number[] | null}
 */
export function nearest(points, x, y) {
  let best = null;
  let least = Infinity;
  for (const {at} of points) {
    const distance = Math.hypot(at[0] - x, at[1] - y);
    if (distance < least) [best, least] = [at, distance];
  }
  return best;
}

/**
 * A rectangle that holds `ranges` and all rows of the paths that lie within `most` of its sizes, with a margin.
 * @param {Ranges} ranges
 * @param {Tensor[]} paths
 * @param {number} [most]
 * @returns {Ranges}
 */
export function holdAll(ranges, paths, most = 20) {
  let [x0, x1, y0, y1] = ranges;
  const [width, height] = [x1 - x0, y1 - y0];
  const far = [x0 - most * width, x1 + most * width, y0 - most * height, y1 + most * height];
  for (const {data, shape} of paths) {
    for (let row = 0; row < shape[0]; row++) {
      const [x, y] = [data[2 * row], data[2 * row + 1]];
      if (!isInside(/** @type {Ranges} */ (far), x, y)) continue;
      [x0, x1, y0, y1] = [Math.min(x0, x), Math.max(x1, x), Math.min(y0, y), Math.max(y1, y)];
    }
  }
  const margin = 0.05;
  const isWider = x1 - x0 > width || y1 - y0 > height;
  if (!isWider) return ranges;
  return [x0 - margin * (x1 - x0), x1 + margin * (x1 - x0), y0 - margin * (y1 - y0), y1 + margin * (y1 - y0)];
}
