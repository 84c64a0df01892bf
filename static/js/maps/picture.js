// The cells of a map, as they come: coarse ones first, each of which stands for its neighbors until they come.

import {SCALES} from "../scales.js";

/**
 * @typedef {import("../wire.js").Tensor} Tensor
 * @typedef {import("../server/types.js").MapAxis} Axis
 * @typedef {import("../server/types.js").MapHead} Head
 * @typedef {import("../server/types.js").MapBlock} Block
 * @typedef {{kind: number, gap: number, reached: number, gone: number, end: number, settled: number}} Cell
 */

/** @param {Head} head */
export function createPicture(head) {
  const [columns, rows] = [head.x.values.length, head.y.values.length];
  const count = columns * rows;
  const kind = new Uint8Array(count);
  const gap = new Float32Array(count);
  const reached = new Int16Array(count);
  const gone = new Int16Array(count);
  const end = new Uint8Array(count).fill(head.elsewhere);
  const settled = new Int16Array(count).fill(-1);
  /** Which cell stands for each, and how coarse that one is; 0: none yet. */
  const source = new Uint32Array(count);
  const stride = new Uint16Array(count);
  let done = 0;

  return {
    head,
    columns,
    rows,
    /**
     * Take a block.
     * @param {Block} block
     */
    take(block) {
      const at = block.at.data;
      for (let index = 0; index < at.length; index++) {
        const cell = at[index];
        kind[cell] = block.kind.data[index];
        gap[cell] = block.gap.data[index];
        reached[cell] = block.reached.data[index];
        gone[cell] = block.gone.data[index];
        if (block.end && block.settled) {
          end[cell] = block.end.data[index];
          settled[cell] = block.settled.data[index];
        }
        const [i, j] = [cell % columns, Math.floor(cell / columns)];
        const [right, top] = [Math.min(i + block.stride, columns), Math.min(j + block.stride, rows)];
        for (let y = j; y < top; y++) {
          for (let place = y * columns + i; place < y * columns + right; place++) {
            if (stride[place] && stride[place] < block.stride) continue; // finer ones were quicker
            stride[place] = block.stride;
            source[place] = cell;
          }
        }
      }
      done = block.done;
    },
    get done() {
      return done;
    },
    /** Whether the cell itself has come. @param {number} cell */
    has: (cell) => stride[cell] > 0 && source[cell] === cell,
    /**
     * What is shown at a place, or null where nothing is yet.
     * @param {number} place
     * @returns {Cell | null}
     */
    cellAt(place) {
      if (!stride[place]) return null;
      const cell = source[place];
      return {
        kind: kind[cell],
        gap: gap[cell],
        reached: reached[cell],
        gone: gone[cell],
        end: end[cell],
        settled: settled[cell],
      };
    },
    /** The place whose cell is shown at another. @param {number} place */
    sourceOf: (place) => source[place],
    /**
     * Fill the pixels, the top row of the picture first.
     * @param {Uint32Array} pixels
     * @param {(cell: number, i: number, j: number) => number} colorOf
     * @param {number} empty
     */
    fill(pixels, colorOf, empty) {
      for (let j = 0; j < rows; j++) {
        const row = (rows - 1 - j) * columns;
        for (let i = 0; i < columns; i++) {
          const place = j * columns + i;
          pixels[row + i] = stride[place] ? colorOf(source[place], i, j) : empty;
        }
      }
    },
    data: {kind, gap, reached, gone, end, settled},
  };
}

/** @typedef {ReturnType<typeof createPicture>} Picture */

/**
 * Where values lie along a side: 0 at its beginning, 1 at its end, cells in between.
 * @param {Axis} axis
 */
export function sideOf({scale, values}) {
  const {into, outOf} = SCALES[scale];
  const [first, last] = [into(values[0]), into(values[values.length - 1])];
  const half = values.length > 1 ? (last - first) / (values.length - 1) / 2 : 0.5;
  const [low, high] = [first - half, last + half];
  return {
    /** @param {number} value */
    shareOf: (value) => (into(value) - low) / (high - low),
    /** @param {number} share */
    valueAt: (share) => outOf(low + share * (high - low)),
    /** @param {number} share */
    cellAt: (share) => Math.min(Math.max(Math.floor(share * values.length), 0), values.length - 1),
    /** The range, as links give it. */
    range: /** @type {[number, number]} */ ([outOf(low), outOf(high)]),
  };
}

/** @typedef {ReturnType<typeof sideOf>} Side */
