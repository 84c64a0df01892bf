// The surface below the paths while it is dragged: a quadratic's contours are ellipses, which a canvas draws in a
// millisecond; Plotly, which draws every surface at rest, would take thirty.

import {projection} from "./geometry.js";
import {levelsOf} from "./levels.js";
import {ticksOf} from "./losschart.js";
import {short} from "./numbers.js";

/**
 * @typedef {import("./geometry.js").Ranges} Ranges
 * @typedef {import("./geometry.js").Rect} Rect
 * @typedef {import("./tokens.js").Tokens} Tokens
 * @typedef {{matrix: number[][], at: number[], axes: string[]}} Bowl ½(w − at)ᵀ matrix (w − at), above its lowest value
 */

const SAMPLES = 48; // a side, from which the levels are chosen as they are from the server's grid
const FARTHEST = 40; // sizes of the view: a longer half-axis is a pair of lines

/**
 * Eigenvalues, the larger first, and the angle of its axis.
 * @param {number[][]} matrix
 * @returns {{values: [number, number], angle: number}}
 */
export function axesOf([[a, b], [, c]]) {
  const middle = (a + c) / 2;
  const radius = Math.hypot((a - c) / 2, b);
  return {values: [middle + radius, middle - radius], angle: Math.atan2(2 * b, a - c) / 2};
}

/**
 * The levels of a bowl's contours in a view.
 * @param {Bowl} bowl
 * @param {Ranges} ranges
 */
export function levelsOfBowl({matrix: [[a, b], [, c]], at}, [x0, x1, y0, y1]) {
  const gaps = new Float64Array(SAMPLES * SAMPLES);
  for (let j = 0; j < SAMPLES; j++) {
    for (let i = 0; i < SAMPLES; i++) {
      const x = x0 + ((x1 - x0) * i) / (SAMPLES - 1) - at[0];
      const y = y0 + ((y1 - y0) * j) / (SAMPLES - 1) - at[1];
      gaps[j * SAMPLES + i] = 0.5 * (a * x * x + 2 * b * x * y + c * y * y);
    }
  }
  return levelsOf(gaps);
}

/** @param {string} color such as #1c2430 or rgb(28, 36, 48) @returns {number[]} red, green and blue */
export function partsOf(color) {
  const hex = color.match(/^#(..)(..)(..)$/);
  if (hex) return hex.slice(1).map((part) => parseInt(part, 16));
  return (color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
}

/** @param {string} low @param {string} high @param {number} share */
export function blend(low, high, share) {
  const [from, to] = [partsOf(low), partsOf(high)];
  return `rgb(${from.map((part, at) => Math.round(part + share * (to[at] - part))).join(" ")})`;
}

/**
 * Draw a bowl's contours, in the shades that they have at rest.
 * @param {CanvasRenderingContext2D} context
 * @param {Bowl} bowl
 * @param {{ranges: Ranges, rect: Rect, tokens: Tokens, scale: number}} scene
 */
export function drawBowl(context, bowl, {ranges, rect, tokens, scale}) {
  const {low, high, step} = levelsOfBowl(bowl, ranges);
  const {values, angle} = axesOf(bowl.matrix);
  const at = projection(ranges, rect);
  const [x, y] = [at.x(bowl.at[0]), at.y(bowl.at[1])];
  const size = Math.max(ranges[1] - ranges[0], ranges[3] - ranges[2]);
  const lines = Math.round((high - low) / step) + 1;
  context.save();
  context.beginPath();
  context.rect(rect.left, rect.top, rect.width, rect.height);
  context.clip();
  context.fillStyle = tokens.contourHigh;
  context.fillRect(rect.left, rect.top, rect.width, rect.height);
  context.strokeStyle = tokens.contourLine;
  context.lineWidth = 0.6 * scale;
  for (let line = lines - 1; line >= 0; line--) {
    const gap = 10 ** (low + line * step);
    const [across, along] = values.map((value) =>
      value > 0 ? Math.min(Math.sqrt((2 * gap) / value), FARTHEST * size) : FARTHEST * size,
    );
    context.fillStyle = blend(tokens.contourLow, tokens.contourHigh, line / lines);
    context.beginPath();
    context.ellipse(x, y, across * at.scaleX, along * at.scaleY, -angle, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
  context.restore();
}

/**
 * Draw the frame of a plot with its numbers and titles, as they stand at rest.
 * @param {CanvasRenderingContext2D} context
 * @param {{ranges: Ranges, rect: Rect, tokens: Tokens, scale: number}} scene
 * @param {string[]} titles
 */
export function drawFrame(context, {ranges, rect, tokens, scale}, titles) {
  const at = projection(ranges, rect);
  const [right, bottom] = [rect.left + rect.width, rect.top + rect.height];
  context.save();
  context.strokeStyle = tokens.rule;
  context.lineWidth = 1;
  context.strokeRect(Math.round(rect.left) + 0.5, Math.round(rect.top) + 0.5, rect.width, rect.height);
  context.font = `${12 * scale}px ${tokens.font}`;
  context.fillStyle = tokens.quiet;
  const mostOf = (/** @type {number} */ pixels) => Math.max(2, pixels / (58 * scale));
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const tick of ticksOf(ranges[0], ranges[1], mostOf(rect.width))) {
    context.fillRect(at.x(tick), bottom, 1, 4);
    context.fillText(short(tick), at.x(tick), bottom + 7 * scale);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const tick of ticksOf(ranges[2], ranges[3], mostOf(rect.height))) {
    context.fillRect(rect.left - 4, at.y(tick), 4, 1);
    context.fillText(short(tick), rect.left - 7 * scale, at.y(tick));
  }
  context.font = `${13.5 * scale}px ${tokens.font}`;
  context.fillStyle = tokens.ink;
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  context.fillText(titles[0], (rect.left + right) / 2, bottom + 40 * scale);
  context.translate(15 * scale, (rect.top + bottom) / 2);
  context.rotate(-Math.PI / 2);
  context.fillText(titles[1], 0, 0);
  context.restore();
}
