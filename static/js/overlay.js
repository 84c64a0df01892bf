// What moves: paths, their heads, arrows, minima, drawn on a transparent canvas above the plot.

import {drawArrows} from "./arrows.js";
import {ownRows} from "./forks.js";
import {exitOf, finiteRows, isInside, projection, squareUp} from "./geometry.js";
import {drawBowl, drawFrame} from "./ground.js";
import {drawPath} from "./paths.js";
import {drawArrow, drawMarker, drawText} from "./strokes.js";
import {styleOf} from "./styles.js";
import {_} from "./words.js";

/**
 * @typedef {import("./geometry.js").Ranges} Ranges
 * @typedef {import("./geometry.js").Rect} Rect
 * @typedef {import("./geometry.js").Projection} Projection
 * @typedef {import("./wire.js").Tensor} Tensor
 * @typedef {import("./tokens.js").Tokens} Tokens
 * @typedef {import("./styles.js").RunStyle} RunStyle
 * @typedef {{params: Tensor, rows: number, from?: number, to?: number, style: RunStyle, grads?: Tensor}} Drawn `rows`: how
 *   many are finite; `from`, `to`: between which the line is bold, because a fork has its beginning from another run
 * @typedef {{ranges: Ranges, rect: Rect, runs: Drawn[], frame: number, isWhole: boolean, selected: number,
 *   minima: {at: number[]}[], bowl?: import("./ground.js").Bowl | null, tokens: Tokens, scale: number}} Scene `isWhole`:
 *   draw the rest of the paths too, because the plot below does not; `bowl`: draw the surface, too
 * @typedef {Omit<Scene, "runs" | "minima" | "bowl"> & {runs: import("./declarations.js").Picked[], isMoving: boolean,
 *   hasView: boolean}} Look How an answer is drawn; `isMoving`: its surface is not the one that is drawn below; `hasView`:
 *   the link says where to look
 */

/**
 * What is drawn of an answer.
 * @param {import("./questions.js").Answer} answer
 * @param {Look} look
 * @returns {Scene}
 */
export function sceneOf(answer, look) {
  const own = ownRows(look.runs, look.selected);
  const {hessian_matrix: matrix, minima, axes, view} = answer.surface;
  const bowl = look.isMoving && matrix && minima.length ? {matrix, at: minima[0].at, axes} : null;
  return {
    ...look,
    ranges: bowl && !look.hasView ? squareUp(/** @type {Ranges} */ (view.flat())) : look.ranges,
    bowl,
    minima,
    runs: answer.runs.map((run, at) => ({
      ...own[at],
      params: run.params,
      rows: finiteRows(run.params),
      grads: run.grads,
      style: styleOf(look.runs[at]?.slot ?? at),
    })),
  };
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
 * Draw everything that moves.
 * @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} context2d scaled so that units are CSS pixels
 * @param {Scene} scene
 */
export function drawScene(context2d, scene) {
  // A worker's context draws the same, though its type does not say so.
  const context = /** @type {CanvasRenderingContext2D} */ (context2d);
  const {rect, tokens, scale, bowl} = scene;
  const at = projection(scene.ranges, rect);
  if (bowl) {
    drawBowl(context, bowl, scene);
    drawFrame(context, scene, bowl.axes);
  }
  context.save();
  context.beginPath();
  context.rect(rect.left, rect.top, rect.width, rect.height);
  context.clip();
  context.lineJoin = "round";
  context.font = `600 ${12.5 * scale}px ${tokens.font}`;
  drawMinima(context, scene, at);
  for (const run of scene.runs) drawPath(context, scene, at, run);
  drawArrows(context, scene, at);
  // Heads last, the selected one on top.
  scene.runs.forEach((run, index) => index === scene.selected || drawHead(context, scene, at, run));
  if (scene.runs[scene.selected]) drawHead(context, scene, at, scene.runs[scene.selected]);
  drawExits(context, scene, at);
  context.restore();
}
