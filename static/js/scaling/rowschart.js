// The rows as points: coloured by their target, rings where they are held out, with the ellipse of their spread.

import {createCanvas} from "../canvas.js";
import {isInside, projection} from "../geometry.js";
import {axesOf, blend, drawFrame} from "../ground.js";
import {short} from "../numbers.js";
import {_} from "../words.js";

/**
 * @typedef {import("../geometry.js").Ranges} Ranges
 * @typedef {import("../geometry.js").Rect} Rect
 * @typedef {import("../tokens.js").Tokens} Tokens
 * @typedef {import("../wire.js").Tensor} Tensor
 * @typedef {import("../server/types.js").RowsAnswer} Data
 */

const MARGIN = {left: 54, right: 10, top: 14, bottom: 50}; // as the loss beside has them
const AIR = 0.12; // of the rows' range, around them
const DEVIATIONS = 2; // the half-axes of the ellipse

/**
 * What is drawn of rows: all of them with some air, with equal axes unless each is to fill its own.
 * @param {Data} data
 * @param {Rect} rect
 * @param {boolean} isStretched
 * @returns {Ranges}
 */
export function rangesOf({rows: {data}}, {width, height}, isStretched) {
  const sides = [0, 1].map((column) => {
    let [low, high] = [Infinity, -Infinity];
    for (let at = column; at < data.length; at += 2) {
      low = Math.min(low, data[at]);
      high = Math.max(high, data[at]);
    }
    const size = high - low || Math.abs(high) || 1;
    return [low - AIR * size, high + AIR * size];
  });
  if (!isStretched) {
    const [wide, tall] = sides.map(([low, high]) => high - low);
    const unit = Math.max(wide / width, tall / height); // of a pixel
    for (const [side, pixels] of /** @type {[number[], number][]} */ ([
      [sides[0], width],
      [sides[1], height],
    ])) {
      const middle = (side[0] + side[1]) / 2;
      [side[0], side[1]] = [middle - (unit * pixels) / 2, middle + (unit * pixels) / 2];
    }
  }
  return [sides[0][0], sides[0][1], sides[1][0], sides[1][1]];
}

/**
 * A point of the plot in raw units, or null where rows have factors of their own.
 * @param {Data} data
 * @param {number[]} point
 * @returns {[number, number] | null}
 */
export function toRaw({back}, [x, y]) {
  if (!back) return null;
  const [[a, b], [c, d]] = back.matrix;
  return [back.center[0] + a * x + b * y, back.center[1] + c * x + d * y];
}

/**
 * The smallest and the largest target of the ordinary rows.
 * @param {Data} data
 * @returns {[number, number]}
 */
export function targetsOf({targets, has_outlier}) {
  const ordinary = [...targets.data.subarray(0, targets.data.length - Number(has_outlier))];
  return [Math.min(...ordinary), Math.max(...ordinary)];
}

/** @param {HTMLCanvasElement} element */
export function createRowsChart(element) {
  const canvas = createCanvas(element);
  /** @type {Ranges | null} */
  let held = null;
  let scale = 1;

  const rect = () => ({
    left: MARGIN.left * scale,
    top: MARGIN.top * scale,
    width: canvas.width - (MARGIN.left + MARGIN.right) * scale,
    height: canvas.height - (MARGIN.top + MARGIN.bottom) * scale,
  });

  return {
    /** @param {number} width @param {number} height */
    resize(width, height) {
      canvas.resize(width, height);
      held = null;
    },
    /** Where a pointer on the plot points. */
    where: () => (held && canvas.width > 100 ? {ranges: held, rect: rect()} : null),
    /** The outlier in the coordinates of the plot, if there is one. @param {Data} data @returns {[number, number] | null} */
    outlierOf({rows, has_outlier}) {
      if (!has_outlier) return null;
      const last = rows.shape[0] - 1;
      return [rows.data[2 * last], rows.data[2 * last + 1]];
    },
    /**
     * @param {Data} data
     * @param {{isStretched: boolean, isHeld: boolean, tokens: Tokens, scale: number}} how `isHeld`: a point is being
     *   dragged, and the axes wait
     */
    paint(data, {isStretched, isHeld, tokens, scale: newScale}) {
      scale = newScale;
      if (canvas.width < 100 || canvas.height < 80) return;
      const {context} = canvas;
      const place = rect();
      if (!held || !isHeld) held = rangesOf(data, place, isStretched);
      const at = projection(held, place);
      canvas.clear();
      drawFrame(context, {ranges: held, rect: place, tokens, scale}, data.axes);
      context.save();
      context.beginPath();
      context.rect(place.left, place.top, place.width, place.height);
      context.clip();
      drawSpread(context, data, at, tokens, scale);
      drawRows(context, data, at, held, tokens, scale);
      context.restore();
    },
    /** What a reader who does not see the plot should know. @param {Data} data @param {string} letter */
    describe({names, axes, rows, is_test, mean}, letter) {
      const test = [...is_test.data].filter(Boolean).length;
      const [x1, x2] = mean.map((value) => short(value));
      const counts = {train: String(rows.shape[0] - test), test: String(test)};
      return _("Rows {letter}: {x} across, {y} up, coloured by {target}; {train} train, {test} test; mean {x1}, {x2}", {
        letter,
        x: axes[0],
        y: axes[1],
        target: names[2],
        ...counts,
        x1,
        x2,
      });
    },
  };
}

/**
 * @param {CanvasRenderingContext2D} context @param {Data} data @param {import("../geometry.js").Projection} at
 * @param {Tokens} tokens @param {number} scale
 */
function drawSpread(context, {mean, covariance}, at, tokens, scale) {
  const {values, angle} = axesOf(covariance);
  const [long, short] = values.map((value) => DEVIATIONS * Math.sqrt(Math.max(value, 0)));
  context.save();
  // In units of the data: with stretched axes an ellipse is turned by the stretching, too.
  context.translate(at.x(mean[0]), at.y(mean[1]));
  context.scale(at.scaleX, -at.scaleY);
  context.beginPath();
  context.ellipse(0, 0, long, short, angle, 0, 2 * Math.PI);
  context.restore();
  context.strokeStyle = tokens.accent;
  context.lineWidth = 1.6 * scale;
  context.stroke();
  context.globalAlpha = 0.07;
  context.fillStyle = tokens.accent;
  context.fill();
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context @param {Data} data @param {import("../geometry.js").Projection} at
 * @param {Ranges} ranges @param {Tokens} tokens @param {number} scale
 */
function drawRows(context, data, at, ranges, tokens, scale) {
  const {rows, targets, is_test, has_outlier} = data;
  const [low, high] = [tokens.run("--run-1"), tokens.run("--run-2")];
  const count = rows.shape[0] - Number(has_outlier);
  const [least, most] = targetsOf(data);
  const radius = (count > 600 ? 2 : 3) * scale;
  context.lineWidth = 1.4 * scale;
  for (let row = 0; row < count; row++) {
    const [x, y] = [rows.data[2 * row], rows.data[2 * row + 1]];
    if (!isInside(ranges, x, y)) continue;
    const color = blend(low, high, most > least ? (targets.data[row] - least) / (most - least) : 0);
    context.beginPath();
    context.arc(at.x(x), at.y(y), radius, 0, 2 * Math.PI);
    if (is_test.data[row]) {
      context.strokeStyle = color;
      context.stroke();
    } else {
      context.fillStyle = color;
      context.globalAlpha = 0.8;
      context.fill();
      context.globalAlpha = 1;
    }
  }
}
