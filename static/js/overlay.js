// What moves: paths, their heads, arrows, minima, drawn on a transparent canvas above the plot.

import {angleBetween, clipSegment, exitOf, isInside, nearest, projection} from "./geometry.js";
import {outlineOf} from "./styles.js";
import {_} from "./words.js";

/**
 * @typedef {import("./geometry.js").Ranges} Ranges
 * @typedef {import("./geometry.js").Rect} Rect
 * @typedef {import("./geometry.js").Projection} Projection
 * @typedef {import("./wire.js").Tensor} Tensor
 * @typedef {import("./tokens.js").Tokens} Tokens
 * @typedef {import("./styles.js").RunStyle} RunStyle
 * @typedef {{params: Tensor, rows: number, style: RunStyle, grads?: Tensor}} Drawn `rows`: how many are finite
 * @typedef {{ranges: Ranges, rect: Rect, runs: Drawn[], frame: number, isWhole: boolean, selected: number,
 *   minima: {at: number[]}[], hasArrows: boolean, tokens: Tokens, scale: number}} Scene `isWhole`: draw the rest of
 *   the paths too, because the plot below does not
 */

const FAR = 1e4; // pixels; canvases lose their way beyond some 10⁷
const STEP = 0.8; // pixels; what converges makes hundreds of steps in one
const FAINT = 0.38;

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
 * Draw a marker.
 * @param {CanvasRenderingContext2D} context
 * @param {import("./styles.js").Marker} marker
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
export function drawMarker(context, marker, x, y, radius) {
  const outline = outlineOf(marker, radius);
  context.beginPath();
  if (outline.length === 0) context.arc(x, y, radius, 0, 2 * Math.PI);
  for (let index = 0; index < outline.length; index += 2) context.lineTo(x + outline[index], y + outline[index + 1]);
  context.closePath();
  context.fill();
  context.stroke();
}

/**
 * Draw a text that stays readable on anything.
 * @param {CanvasRenderingContext2D} context
 * @param {Tokens} tokens
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {string} color
 */
function drawText(context, tokens, text, x, y, color) {
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = tokens.paper;
  context.strokeText(text, x, y);
  context.fillStyle = color;
  context.fillText(text, x, y);
}

/**
 * Draw an arrow from a point along a direction in pixels.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} dx
 * @param {number} dy
 * @param {number} head
 */
function drawArrow(context, x, y, dx, dy, head) {
  const length = Math.hypot(dx, dy);
  if (!(length > 0)) return;
  const [ux, uy] = [dx / length, dy / length];
  const [tipX, tipY] = [x + dx, y + dy];
  const [neckX, neckY] = [tipX - ux * head, tipY - uy * head];
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(neckX, neckY);
  context.stroke();
  context.beginPath();
  context.moveTo(tipX, tipY);
  context.lineTo(neckX - uy * head * 0.5, neckY + ux * head * 0.5);
  context.lineTo(neckX + uy * head * 0.5, neckY - ux * head * 0.5);
  context.closePath();
  context.fill();
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Projection} at */
function drawMinima(context, {minima, ranges, tokens, scale}, at) {
  const radius = (minima.length > 12 ? 4 : 7) * scale;
  for (const {at: point} of minima) {
    if (!isInside(ranges, point[0], point[1])) continue;
    const [x, y] = [at.x(point[0]), at.y(point[1])];
    context.strokeStyle = tokens.paper;
    context.lineWidth = 5 * scale;
    context.beginPath();
    context.arc(x, y, radius * 1.55, 0, 2 * Math.PI);
    context.stroke();
    context.strokeStyle = tokens.minimum;
    context.lineWidth = 1.75 * scale;
    context.stroke();
    context.fillStyle = tokens.minimum;
    context.strokeStyle = tokens.paper;
    context.lineWidth = 1;
    drawMarker(context, "star", x, y, radius * 0.85);
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

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Projection} at @param {Drawn} run */
function drawPath(context, scene, at, run) {
  const {frame, isWhole, tokens, scale} = scene;
  const last = Math.min(frame, run.rows - 1, lastShown(run, frame, scene.ranges));
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
  context.lineWidth = 2.4 * scale;
  context.beginPath();
  trace(context, at, run.params, 0, last);
  context.stroke();
  context.setLineDash([]);
  drawSteps(context, at, run, last, color, scale);
}

/**
 * Dots at the steps, where they do not run together.
 * @param {CanvasRenderingContext2D} context @param {Projection} at @param {Drawn} run @param {number} last
 * @param {string} color @param {number} scale
 */
function drawSteps(context, at, run, last, color, scale) {
  const {data} = run.params;
  const apart = 7 * scale;
  let [lastX, lastY] = [Infinity, Infinity];
  const size = 4.2 * scale;
  context.fillStyle = color;
  for (let row = 0; row <= last; row++) {
    const [x, y] = [at.x(data[2 * row]), at.y(data[2 * row + 1])];
    if (Math.abs(x - lastX) + Math.abs(y - lastY) < apart || !(Math.abs(x) < FAR && Math.abs(y) < FAR)) continue;
    context.fillRect(x - size / 2, y - size / 2, size, size); // a circle would cost as much as the path
    [lastX, lastY] = [x, y];
  }
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Projection} at @param {Drawn} run */
function drawHead(context, {frame, ranges, tokens, scale}, at, run) {
  const row = Math.min(frame, run.rows - 1);
  if (row < 0) return;
  const [x, y] = [run.params.data[2 * row], run.params.data[2 * row + 1]];
  // A run that has become infinite has no head any more.
  if (row < frame && row < run.params.shape[0] - 1) return;
  if (!isInside(ranges, x, y)) return;
  context.fillStyle = tokens.run(run.style.token);
  context.strokeStyle = tokens.paper;
  context.lineWidth = 1.75 * scale;
  drawMarker(context, run.style.marker, at.x(x), at.y(y), 6 * scale);
}

/**
 * Arrows at the edge where paths have left, with the step; texts that would meet are moved apart.
 * @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Projection} at
 */
function drawExits(context, {runs, frame, ranges, rect, tokens, scale}, at) {
  /** @type {[number, number][]} */
  const taken = [];
  context.textBaseline = "middle";
  for (const run of runs) {
    const exit = exitOf(run.params, frame, ranges);
    if (!exit) continue;
    const [x, y] = [at.x(exit.x), at.y(exit.y)];
    const [dx, dy] = [exit.dx * at.scaleX, -exit.dy * at.scaleY];
    const length = Math.hypot(dx, dy) || 1;
    const size = 13 * scale;
    context.strokeStyle = context.fillStyle = tokens.run(run.style.token);
    context.lineWidth = 2.4 * scale;
    const [ux, uy] = [(dx / length) * size, (dy / length) * size];
    drawArrow(context, x - ux, y - uy, ux, uy, size);
    const words = _("leaves the view at step {step}", {step: exit.step});
    const width = context.measureText(words).width;
    const isRight = x > rect.left + rect.width / 2;
    context.textAlign = "left";
    const textX = Math.min(
      Math.max(isRight ? x - size - width : x + size, rect.left + 4),
      rect.left + rect.width - width - 4,
    );
    let textY = Math.min(Math.max(y - uy * 1.4, rect.top + 10 * scale), rect.top + rect.height - 10 * scale);
    const step = 16 * scale * (textY > rect.top + rect.height / 2 ? -1 : 1);
    while (taken.some(([x0, y0]) => Math.abs(x0 - textX) < 150 * scale && Math.abs(y0 - textY) < 15 * scale))
      textY += step;
    taken.push([textX, textY]);
    drawText(context, tokens, words, textX, textY, tokens.ink);
  }
}

/**
 * −∇L and the way to the minimum, at the head of the selected run, and the angle between them.
 * @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Projection} at
 */
function drawArrows(context, {runs, selected, frame, ranges, minima, tokens, scale, rect}, at) {
  const run = runs[selected];
  if (!run?.grads) return;
  const row = Math.min(frame, run.rows - 1);
  if (row < 0 || 2 * row + 1 >= run.grads.data.length) return;
  const [x, y] = [run.params.data[2 * row], run.params.data[2 * row + 1]];
  const [downX, downY] = [-run.grads.data[2 * row], -run.grads.data[2 * row + 1]];
  const goal = nearest(minima, x, y);
  if (!isInside(ranges, x, y)) return;
  const [left, top] = [at.x(x), at.y(y)];
  // Nothing points anywhere once the head covers the minimum.
  if (goal && Math.hypot(at.x(goal[0]) - left, at.y(goal[1]) - top) < 12 * scale) return;
  const length = Math.min(74 * scale, rect.width * 0.2);
  const point = (/** @type {number} */ dx, /** @type {number} */ dy) => {
    const size = Math.hypot(dx * at.scaleX, dy * at.scaleY);
    return size > 0 && Number.isFinite(size)
      ? [(dx * at.scaleX * length) / size, (-dy * at.scaleY * length) / size]
      : null;
  };
  const down = point(downX, downY);
  if (!down) return;
  const toGoal = goal && point(goal[0] - x, goal[1] - y);
  if (goal && toGoal) {
    // It ends at the minimum's ring.
    const away = Math.hypot(at.x(goal[0]) - left, at.y(goal[1]) - top) - 12 * scale;
    const share = Math.min(1, away / length);
    toGoal.splice(0, 2, toGoal[0] * share, toGoal[1] * share);
  }
  context.textBaseline = "middle";
  const name = (/** @type {number[]} */ [dx, dy], /** @type {string} */ text, /** @type {string} */ color) => {
    const width = context.measureText(text).width;
    const wanted = left + dx * 1.1 - (dx >= 0 ? 0 : width);
    const textX = Math.min(Math.max(wanted, rect.left + 4), rect.left + rect.width - width - 4);
    // A name that has to step back from the edge steps aside of its arrow too.
    const aside = Math.abs(textX - wanted) > 4 ? 15 * scale * Math.sign(dy || 1) : 0;
    context.textAlign = "left";
    drawText(context, tokens, text, textX, top + dy * 1.1 + aside, color);
  };
  if (goal && toGoal) {
    context.strokeStyle = context.fillStyle = tokens.minimum;
    context.lineWidth = 2 * scale;
    context.setLineDash([4 * scale, 3 * scale]);
    drawArrow(context, left, top, toGoal[0], toGoal[1], 9 * scale);
    context.setLineDash([]);
  }
  context.strokeStyle = context.fillStyle = tokens.ink;
  context.lineWidth = 2.4 * scale;
  drawArrow(context, left, top, down[0], down[1], 10 * scale);
  const angle = goal && toGoal ? angleBetween(downX, downY, goal[0] - x, goal[1] - y) : null;
  name(down, angle === null ? "−∇L" : `−∇L  ${angle.toFixed(angle < 9.95 ? 1 : 0)}°`, tokens.ink);
  // Where both arrows lie together, their names would too; a short one ends at the minimum anyway.
  if (toGoal && angle !== null && angle > 20 && Math.hypot(...toGoal) > 40 * scale)
    name(toGoal, _("to the minimum"), tokens.minimum);
}

/**
 * Draw everything that moves.
 * @param {CanvasRenderingContext2D} context scaled so that units are CSS pixels
 * @param {Scene} scene
 */
export function drawScene(context, scene) {
  const {rect, tokens, scale} = scene;
  const at = projection(scene.ranges, rect);
  context.save();
  context.beginPath();
  context.rect(rect.left, rect.top, rect.width, rect.height);
  context.clip();
  context.lineJoin = "round";
  context.font = `600 ${12.5 * scale}px ${tokens.font}`;
  drawMinima(context, scene, at);
  for (const run of scene.runs) drawPath(context, scene, at, run);
  if (scene.hasArrows) drawArrows(context, scene, at);
  // Heads last, the selected one on top.
  scene.runs.forEach((run, index) => index === scene.selected || drawHead(context, scene, at, run));
  if (scene.runs[scene.selected]) drawHead(context, scene, at, scene.runs[scene.selected]);
  drawExits(context, scene, at);
  context.restore();
}
