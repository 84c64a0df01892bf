// What this lab draws above the contours: curvature's sign, the model, critical points, eigenvectors, escapes.

import {isInside, projection} from "../geometry.js";
import {short} from "../numbers.js";
import {drawPath} from "../paths.js";
import {drawArrow, drawMarker, drawText} from "../strokes.js";
import {finiteRows} from "../geometry.js";
import {styleOf} from "../styles.js";
import {_} from "../words.js";
import {isoline, joined, modelField} from "../isolines.js";
import {KINDS} from "./kinds.js";

/**
 * @typedef {import("../geometry.js").Ranges} Ranges
 * @typedef {import("../geometry.js").Rect} Rect
 * @typedef {import("../geometry.js").Projection} Projection
 * @typedef {import("../tokens.js").Tokens} Tokens
 * @typedef {import("../wire.js").Tensor} Tensor
 * @typedef {import("./kinds.js").Kind} Kind
 * @typedef {import("../server/types.js").CriticalPoint} Point
 * @typedef {Omit<import("../server/types.js").PointLookedAt, "grads" | "hessian" | "eigenvalues"> &
 *   {grads: number[], hessian: number[][], eigenvalues: [number, number]}} Look
 * @typedef {import("../server/types.js").CriticalAnswer & {point: Look, counts: {[kind in Kind]: number}}} Answer
 * @typedef {import("../server/types.js").EscapeRun} Run
 * @typedef {Required<import("../server/types.js").EscapeAnswer>} Escape One with an origin: others are not drawn
 * @typedef {import("../server/types.js").CurvatureAnswer} Curvature
 * @typedef {{ranges: Ranges, rect: Rect, answer: Answer, look: Look, escape: Escape | null,
 *   curvature: Curvature | null, losses: number[], drawn: {[layer: string]: boolean}, frame: number, tokens: Tokens,
 *   scale: number}} Scene `losses` of the contours below; `drawn`: which layers the link asks for
 */

const MODEL_NODES = 72;
const DEEPEST = 0.3; // of the point's own height above the lowest
const MANY = 60; // points: more are drawn smaller
const MANY_CURVES = 8;
const TINT = 256; // pixels a side of the picture of curvature's sign

/** Whether second derivatives exist and say something. @param {Look} look */
const hasModel = ({kind}) => kind !== "flat" && kind !== "kink";

/** A height in pixels, kept so far inside the plot. @param {number} y @param {Rect} rect @param {number} margin */
const inside = (y, {top, height}, margin) => Math.min(Math.max(y, top + margin), top + height - margin);

/** @param {CanvasRenderingContext2D} context @param {number[]} segments @param {Projection} at */
function strokeLines(context, segments, at) {
  context.beginPath();
  for (const line of joined(segments)) {
    for (let index = 0; index < line.length; index += 2) {
      const [x, y] = [at.x(line[index]), at.y(line[index + 1])];
      if (index === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
  }
  context.stroke();
}

/** @type {WeakMap<Curvature, {key: string, picture: HTMLCanvasElement}>} */
const pictures = new WeakMap();

/**
 * The picture of where the surface is a bowl and where a dome, as fine as its boundary has to be.
 * @param {Curvature} curvature @param {Tokens} tokens
 */
function pictureOf(curvature, tokens) {
  const key = tokens.run(KINDS.minimum.token) + tokens.run(KINDS.maximum.token);
  const known = pictures.get(curvature);
  if (known?.key === key) return known.picture;
  const picture = document.createElement("canvas");
  picture.width = picture.height = TINT;
  const context = /** @type {CanvasRenderingContext2D} */ (picture.getContext("2d"));
  const side = curvature.x.shape[0];
  const value = (/** @type {ArrayLike<number>} */ data, /** @type {number} */ i, /** @type {number} */ j) => {
    const [x, y] = [(i / (TINT - 1)) * (side - 1), (j / (TINT - 1)) * (side - 1)];
    const [left, below] = [Math.min(Math.floor(x), side - 2), Math.min(Math.floor(y), side - 2)];
    const [u, v] = [x - left, y - below];
    const row = below * side + left;
    return (
      (1 - v) * ((1 - u) * data[row] + u * data[row + 1]) + v * ((1 - u) * data[row + side] + u * data[row + side + 1])
    );
  };
  for (const [kind, isTinted] of /** @type {[Kind, (i: number, j: number) => boolean][]} */ ([
    ["minimum", (i, j) => value(curvature.smallest.data, i, j) > 0],
    ["maximum", (i, j) => value(curvature.largest.data, i, j) < 0],
  ])) {
    context.fillStyle = tokens.run(KINDS[kind].token);
    for (let j = 0; j < TINT; j++) {
      for (let i = 0, from = -1; i <= TINT; i++) {
        const isIn = i < TINT && isTinted(i, j);
        if (isIn && from < 0) from = i;
        if (isIn || from < 0) continue;
        context.fillRect(from, TINT - 1 - j, i - from, 1);
        from = -1;
      }
    }
  }
  pictures.set(curvature, {key, picture});
  return picture;
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Projection} at */
function drawSigns(context, {curvature, drawn, tokens, scale}, at) {
  if (!curvature || !drawn.signs) return;
  const {x, y, smallest, largest} = curvature;
  const last = x.data.length - 1;
  const [left, top] = [at.x(x.data[0]), at.y(y.data[last])];
  context.globalAlpha = 0.3;
  context.drawImage(pictureOf(curvature, tokens), left, top, at.x(x.data[last]) - left, at.y(y.data[0]) - top);
  context.globalAlpha = 1;
  context.lineWidth = 1.4 * scale;
  for (const [kind, values] of /** @type {[Kind, Tensor][]} */ ([
    ["minimum", smallest],
    ["maximum", largest],
  ])) {
    context.strokeStyle = tokens.run(KINDS[kind].token);
    strokeLines(context, isoline({x: x.data, y: y.data, values: values.data}, 0), at);
  }
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Projection} at */
function drawModel(context, {answer, look, losses, ranges, drawn, tokens, scale}, at) {
  if (!drawn.model || !hasModel(look) || !look.hessian.flat().every(Number.isFinite)) return;
  const field = modelField(look, ranges, MODEL_NODES);
  context.strokeStyle = tokens.run("--model");
  context.lineWidth = 1.4 * scale;
  context.setLineDash([6 * scale, 4 * scale]);
  // Far below the point the model falls so steeply that its lines would run together.
  const least = answer.surface.lowest + DEEPEST * (look.loss - answer.surface.lowest);
  for (const loss of losses) if (loss >= least) strokeLines(context, isoline(field, loss), at);
  context.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Projection} at */
function drawPoints(context, {answer, ranges, rect, tokens, scale}, at) {
  const {token} = KINDS.degenerate;
  const isCrowded = answer.curves.length > MANY_CURVES;
  context.lineCap = "round";
  for (const {points, is_closed: isClosed} of answer.curves) {
    for (const [color, width] of [
      [tokens.paper, isCrowded ? 3 : 6],
      [tokens.run(token), isCrowded ? 1.5 : 3],
    ]) {
      context.strokeStyle = String(color);
      context.lineWidth = Number(width) * scale;
      context.beginPath();
      for (let row = 0; row < points.shape[0]; row++) {
        context.lineTo(at.x(points.data[2 * row]), at.y(points.data[2 * row + 1]));
      }
      if (isClosed) context.closePath();
      context.stroke();
    }
  }
  context.lineCap = "butt";
  const radius = (answer.points.length > MANY ? 4 : 7) * scale;
  context.strokeStyle = tokens.paper;
  context.lineWidth = (answer.points.length > MANY ? 1 : 1.75) * scale;
  for (const {at: place, kind} of answer.points) {
    if (!isInside(ranges, place[0], place[1])) continue;
    context.fillStyle = tokens.run(KINDS[kind].token);
    drawMarker(context, KINDS[kind].marker, at.x(place[0]), at.y(place[1]), radius);
  }
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const {at: place} of answer.areas) {
    if (!isInside(ranges, place[0], place[1])) continue;
    drawText(context, tokens, _("flat"), at.x(place[0]), inside(at.y(place[1]), rect, 10 * scale), tokens.ink);
  }
  for (const {at: place} of answer.kinks) {
    drawText(context, tokens, _("no gradient"), at.x(place[0]), at.y(place[1]) - 10 * scale, tokens.quiet);
  }
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Projection} at */
function drawEscape(context, scene, at) {
  const {escape, frame, tokens, scale} = scene;
  if (!escape?.origin || !scene.drawn.escapes) return;
  const [x, y] = escape.origin.at;
  context.strokeStyle = tokens.quiet;
  context.lineWidth = 1 * scale;
  context.setLineDash([2 * scale, 3 * scale]);
  context.beginPath();
  context.ellipse(at.x(x), at.y(y), escape.radius * at.scaleX, escape.radius * at.scaleY, 0, 0, 2 * Math.PI);
  context.stroke();
  context.setLineDash([]);
  escape.runs.forEach((run, slot) => {
    const style = styleOf(slot);
    const rows = finiteRows(run.params);
    const paths = {...scene, isWhole: false, selected: 0, minima: [], runs: []};
    drawPath(context, paths, at, {params: run.params, rows, style});
    const row = Math.min(frame, rows - 1);
    if (row < 0) return;
    context.fillStyle = tokens.run(style.token);
    context.strokeStyle = tokens.paper;
    context.lineWidth = 1.5 * scale;
    drawMarker(context, style.marker, at.x(run.params.data[2 * row]), at.y(run.params.data[2 * row + 1]), 5 * scale);
  });
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Projection} at */
function drawVectors(context, {look, drawn, ranges, rect, tokens, scale}, at) {
  const [x, y] = [at.x(look.at[0]), at.y(look.at[1])];
  if (!isInside(ranges, look.at[0], look.at[1])) return;
  const [gx, gy] = [-look.grads[0] * at.scaleX, look.grads[1] * at.scaleY];
  const slope = Math.hypot(gx, gy);
  if (look.kind === "slope" && slope > 0 && Number.isFinite(slope)) {
    context.strokeStyle = context.fillStyle = tokens.quiet;
    context.lineWidth = 2 * scale;
    drawArrow(context, x, y, (gx / slope) * 44 * scale, (gy / slope) * 44 * scale, 10 * scale);
  }
  const largest = Math.max(...look.eigenvalues.map(Math.abs));
  if (!drawn.vectors || !hasModel(look) || !(largest > 0) || !Number.isFinite(largest)) return;
  context.textAlign = "left";
  context.textBaseline = "middle";
  look.eigenvalues.forEach((eigenvalue, index) => {
    const [ux, uy] = look.eigenvectors[index];
    const [dx, dy] = [ux * at.scaleX, -uy * at.scaleY];
    const length = (18 + 62 * Math.sqrt(Math.abs(eigenvalue) / largest)) * scale;
    const unit = length / Math.hypot(dx, dy);
    // As a bowl it rises along blue lines; along orange, dashed ones it falls.
    const color = tokens.run(eigenvalue < 0 ? "--falls" : "--rises");
    for (const sign of [1, -1]) {
      for (const [stroke, width] of [
        [tokens.paper, 5],
        [color, 2.4],
      ]) {
        context.strokeStyle = context.fillStyle = String(stroke);
        context.lineWidth = Number(width) * scale;
        context.setLineDash(eigenvalue < 0 ? [5 * scale, 3 * scale] : []);
        drawArrow(context, x, y, sign * dx * unit, sign * dy * unit, (stroke === color ? 9 : 12) * scale);
      }
    }
    context.setLineDash([]);
    const words = `${index ? "λ₂" : "λ₁"} ${short(eigenvalue)}`;
    const [tipX, tipY] = [x + dx * unit, y + dy * unit];
    const margin = 4 * scale;
    const most = rect.left + rect.width - context.measureText(words).width - margin;
    const textX = Math.min(Math.max(tipX + margin, rect.left + margin), most);
    drawText(context, tokens, words, textX, inside(tipY, rect, 10 * scale), color);
  });
}

/**
 * Draw everything above the contours.
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
  drawSigns(context, scene, at);
  drawModel(context, scene, at);
  drawPoints(context, scene, at);
  drawEscape(context, scene, at);
  drawVectors(context, scene, at);
  context.restore();
}
