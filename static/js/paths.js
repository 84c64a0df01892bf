// The paths on the canvas: a line up to the frame, the rest faint, and dots at the steps that the eye can tell apart.

import {clipSegment, exitOf, finiteRows} from "./geometry.js";

/**
 * @typedef {import("./overlay.js").Scene} Scene
 * @typedef {import("./overlay.js").Drawn} Drawn
 * @typedef {import("./geometry.js").Projection} Projection
 * @typedef {import("./geometry.js").Ranges} Ranges
 * @typedef {import("./wire.js").Tensor} Tensor
 */

const FAR = 1e4; // pixels; canvases lose their way beyond some 10⁷
const STEP = 1.2; // pixels, half a line's width; what converges makes hundreds of steps in one
const FAINT = 0.38;
const LONG = 2048; // rows: a longer path shows the last of them bold, or it would be a blot
const TRAIL = 400;

/**
 * Trace a path of rows into the context, in pixels; parts that are far outside are cut away.
 * @param {CanvasRenderingContext2D} context
 * @param {Projection} at
 * @param {Tensor} params
 * @param {number} from
 * @param {number} to inclusive
 */
function trace(context, at, {data}, from, to) {
  let [lastX, lastY] = [at.x(data[2 * from]), at.y(data[2 * from + 1])];
  let isDown = false;
  for (let row = from + 1; row <= to; row++) {
    const x = at.x(data[2 * row]);
    const y = at.y(data[2 * row + 1]);
    if (Math.abs(x - lastX) + Math.abs(y - lastY) < STEP && row < to) continue; // too short to see
    if (Math.abs(x) < FAR && Math.abs(y) < FAR && Math.abs(lastX) < FAR && Math.abs(lastY) < FAR) {
      if (!isDown) context.moveTo(lastX, lastY);
      context.lineTo(x, y);
      isDown = true;
    } else {
      const part = clipSegment([-FAR, FAR, -FAR, FAR], lastX, lastY, x, y);
      if (part) {
        context.moveTo(part[0], part[1]);
        context.lineTo(part[2], part[3]);
      }
      isDown = false;
    }
    [lastX, lastY] = [x, y];
  }
}

/**
 * A path that is outside at a row ends where it left: what flies across the view from outside to outside is not drawn.
 * @param {Drawn} run
 * @param {number} row
 * @param {Ranges} ranges
 */
function lastShown(run, row, ranges) {
  return exitOf(run.params, row, ranges)?.step ?? Infinity;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {Projection} at
 * @param {Drawn} run
 */
export function drawPath(context, scene, at, run) {
  const {frame, isWhole, tokens, scale} = scene;
  const {from = 0, to = Infinity} = run;
  const last = Math.min(frame, to, run.rows - 1, lastShown(run, frame, scene.ranges));
  if (last < 0) return;
  const color = tokens.run(run.style.token);
  context.strokeStyle = color;
  context.setLineDash(run.style.dash.map((part) => part * scale));
  if (isWhole && last < run.rows - 1) {
    context.globalAlpha = FAINT;
    context.lineWidth = 1.5 * scale;
    context.beginPath();
    trace(
      context,
      at,
      run.params,
      last,
      Math.max(last, Math.min(run.rows - 1, lastShown(run, run.rows, scene.ranges))),
    );
    context.stroke();
    context.globalAlpha = 1;
  }
  const trail = run.rows > LONG ? Math.max(from, last - TRAIL) : from;
  if (from < trail) {
    context.globalAlpha = FAINT;
    context.lineWidth = scale;
    context.beginPath();
    trace(context, at, run.params, from, trail);
    context.stroke();
    context.globalAlpha = 1;
  }
  context.lineWidth = 2.4 * scale;
  if (trail <= last) {
    context.beginPath();
    trace(context, at, run.params, trail, last);
    context.stroke();
  }
  context.setLineDash([]);
  drawSteps(context, at, run, trail, last, color, scale);
}

/**
 * One line along a whole path, up to where it leaves the view.
 * @param {CanvasRenderingContext2D} context
 * @param {Projection} at
 * @param {Tensor} params
 * @param {Ranges} ranges
 */
export function drawThin(context, at, params, ranges) {
  const last = Math.min(finiteRows(params) - 1, exitOf(params, params.shape[0] - 1, ranges)?.step ?? Infinity);
  if (last < 1) return;
  context.beginPath();
  trace(context, at, params, 0, last);
  context.stroke();
}

/**
 * Dots at the steps, where they do not run together.
 * @param {CanvasRenderingContext2D} context @param {Projection} at @param {Drawn} run @param {number} first
 * @param {number} last @param {string} color @param {number} scale
 */
function drawSteps(context, at, run, first, last, color, scale) {
  const {data} = run.params;
  const apart = 7 * scale;
  let [lastX, lastY] = [Infinity, Infinity];
  // Squares on whole pixels: circles, or squares between pixels, would cost as much as the path.
  const size = Math.round(4.2 * scale);
  context.fillStyle = color;
  for (let row = first; row <= last; row++) {
    const [x, y] = [at.x(data[2 * row]), at.y(data[2 * row + 1])];
    if (Math.abs(x - lastX) + Math.abs(y - lastY) < apart || !(Math.abs(x) < FAR && Math.abs(y) < FAR)) continue;
    context.fillRect(Math.round(x - size / 2), Math.round(y - size / 2), size, size);
    [lastX, lastY] = [x, y];
  }
}
