// Arrows at the selected head: downhill, and to the minimum, with the angle between them.

import {angleBetween, isInside, nearest} from "./geometry.js";
import {drawArrow, drawText} from "./strokes.js";
import {_} from "./words.js";

/**
 * @typedef {import("./overlay.js").Scene} Scene
 * @typedef {import("./overlay.js").Drawn} Drawn
 * @typedef {import("./geometry.js").Projection} Projection
 */

/**
 * −∇L and the way to the minimum, at the head of the selected run, and the angle between them.
 * @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Projection} at
 */
export function drawArrows(context, {runs, selected, frame, ranges, minima, tokens, scale, rect}, at) {
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
