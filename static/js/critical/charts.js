// The lab's two charts: distance from the saddle against steps, and the eigenvalues of a network in training.

import {createCanvas} from "../canvas.js";
import {ticksOf} from "../losschart.js";
import {short} from "../numbers.js";
import {drawMarker, drawText} from "../strokes.js";
import {styleOf} from "../styles.js";
import {_} from "../words.js";

/**
 * @typedef {import("../tokens.js").Tokens} Tokens
 * @typedef {import("../wire.js").Tensor} Tensor
 * @typedef {import("./scene.js").Escape} Escape
 * @typedef {import("../server/types.js").NetworkAnswer} Network
 * @typedef {{left: number, right: number, top: number, bottom: number}} Box
 */

const PLACE = {left: 46, right: 10, top: 12, bottom: 30};

/** @param {number} width @param {number} height @param {number} scale @returns {Box} */
function boxOf(width, height, scale) {
  return {
    left: PLACE.left * scale,
    top: PLACE.top * scale,
    right: width - PLACE.right * scale,
    bottom: height - PLACE.bottom * scale,
  };
}

/**
 * Horizontal rules with their numbers.
 * @param {CanvasRenderingContext2D} context @param {Box} box
 * @param {{y: number, text: string}[]} ticks @param {Tokens} tokens @param {number} scale
 */
function drawRules(context, {left, right}, ticks, tokens, scale) {
  context.strokeStyle = tokens.rule;
  context.fillStyle = tokens.quiet;
  context.lineWidth = 1;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const {y, text} of ticks) {
    context.beginPath();
    context.moveTo(left, Math.round(y) + 0.5);
    context.lineTo(right, Math.round(y) + 0.5);
    context.stroke();
    context.fillText(text, left - 6 * scale, y);
  }
}

/**
 * Distance from the saddle on a logarithmic scale: what grows by the same factor in every step is a straight line.
 * @param {HTMLCanvasElement} element
 * @param {{onScrub: (step: number) => void}} events
 */
export function createEscapeChart(element, {onScrub}) {
  const canvas = createCanvas(element);
  let [steps, scale] = [1, 1];

  /** @param {PointerEvent} event */
  function scrub(event) {
    const {left, width} = element.getBoundingClientRect();
    const box = boxOf(width, 0, scale);
    const share = (event.clientX - left - box.left) / (box.right - box.left);
    onScrub(Math.round(Math.min(Math.max(share, 0), 1) * steps));
  }
  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    scrub(event);
  });
  element.addEventListener("pointermove", (event) => element.hasPointerCapture(event.pointerId) && scrub(event));

  return {
    resize: canvas.resize,
    /** @param {{escape: Escape, frame: number, tokens: Tokens, scale: number}} chart */
    paint({escape, frame, tokens, scale: newScale}) {
      const {context, width, height} = canvas;
      scale = newScale;
      canvas.clear();
      if (!escape.runs.length || width < 50) return;
      const box = boxOf(width, height, scale);
      steps = escape.runs[0].distance.shape[0] - 1;
      const top = Math.log10(escape.radius) + 0.5;
      const starts = escape.runs.map(({distance}) => distance.data[0]).filter((start) => start > 0);
      const bottom = Math.max(Math.floor(Math.log10(Math.min(...starts, escape.radius / 100)) - 0.5), top - 14);
      const x = (/** @type {number} */ step) => box.left + (step / steps) * (box.right - box.left);
      const y = (/** @type {number} */ power) =>
        box.bottom - ((power - bottom) / (top - bottom)) * (box.bottom - box.top);
      context.font = `${11.5 * scale}px ${tokens.font}`;
      const ticks = ticksOf(bottom, top, Math.max(2, height / (38 * scale)), 1);
      drawRules(
        context,
        box,
        ticks.map((tick) => ({y: y(tick), text: short(10 ** tick, 2)})),
        tokens,
        scale,
      );
      context.textAlign = "center";
      context.textBaseline = "top";
      for (const tick of ticksOf(0, steps, width / (70 * scale), 1)) {
        context.fillText(String(tick), Math.min(x(tick), box.right - 8 * scale), box.bottom + 4 * scale);
      }
      context.textAlign = "right";
      context.fillText(_("steps"), box.right, box.bottom + 16 * scale);
      context.save();
      context.beginPath();
      context.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
      context.clip();
      context.strokeStyle = tokens.ink;
      context.setLineDash([3 * scale, 3 * scale]);
      const edge = y(Math.log10(escape.radius));
      context.beginPath();
      context.moveTo(box.left, edge);
      context.lineTo(box.right, edge);
      context.moveTo(x(frame), box.top);
      context.lineTo(x(frame), box.bottom);
      context.stroke();
      context.lineJoin = "round";
      escape.runs.forEach(({distance}, slot) => {
        const {token, dash} = styleOf(slot);
        context.strokeStyle = tokens.run(token);
        context.lineWidth = 2 * scale;
        context.setLineDash(dash.map((part) => part * scale));
        context.beginPath();
        for (let row = 0; row <= steps; row++) {
          const power = Math.log10(Math.max(distance.data[row], 1e-300));
          if (Number.isNaN(power)) break;
          context.lineTo(x(row), Math.max(y(Math.min(power, top + 1)), box.top - 9));
        }
        context.stroke();
      });
      context.setLineDash([]);
      context.restore();
      // Where each run has left, and where it was to leave.
      escape.runs.forEach(({left_at: left, predicted}, slot) => {
        const {token, marker} = styleOf(slot);
        context.lineWidth = 1.5 * scale;
        if (predicted !== null && predicted <= steps) {
          context.strokeStyle = tokens.run(token);
          context.fillStyle = tokens.paper;
          drawMarker(context, marker, x(predicted), edge, 6 * scale);
        }
        if (left === null || left === 0) return;
        context.strokeStyle = tokens.paper;
        context.fillStyle = tokens.run(token);
        drawMarker(context, marker, x(left), edge, 4 * scale);
      });
      context.textAlign = "left";
      context.textBaseline = "bottom";
      const words = _("left: {radius} away", {radius: short(escape.radius)});
      drawText(context, tokens, words, box.left + 4 * scale, edge + 17 * scale, tokens.ink);
    },
  };
}

/** Sign and size on one scale: linear below `least`, logarithmic above. */
const symmetric = (/** @type {number} */ value, /** @type {number} */ least) =>
  Math.sign(value) * Math.log10(1 + Math.abs(value) / least);

/**
 * Every eigenvalue at every stage as a dot, and the share of the positive ones as a line.
 * @param {HTMLCanvasElement} element
 */
export function createNetworkChart(element) {
  const canvas = createCanvas(element);
  return {
    resize: canvas.resize,
    /** @param {{network: Network, tokens: Tokens, scale: number}} chart */
    paint({network, tokens, scale}) {
      const {context, width, height} = canvas;
      canvas.clear();
      if (width < 50) return;
      const whole = boxOf(width, height, scale);
      const middle = whole.top + 0.6 * (whole.bottom - whole.top);
      const last = network.stages.length - 1;
      const x = (/** @type {number} */ stage) => whole.left + 8 + (stage / last) * (whole.right - whole.left - 16);
      context.font = `${11.5 * scale}px ${tokens.font}`;

      const upper = {...whole, bottom: middle - 10 * scale};
      const {data, shape} = network.eigenvalues;
      const largest = Math.max(...data, -Math.min(...data));
      const least = largest * 1e-5;
      const [low, high] = [symmetric(Math.min(...data, -least), least), symmetric(largest, least)];
      const y = (/** @type {number} */ value) =>
        upper.bottom - ((symmetric(value, least) - low) / (high - low)) * (upper.bottom - upper.top);
      const powers = [largest, largest * 1e-2, 0, -largest * 1e-2].filter((tick) => symmetric(tick, least) >= low);
      drawRules(
        context,
        upper,
        powers.map((tick) => ({y: y(tick), text: short(tick, 2)})),
        tokens,
        scale,
      );
      for (let stage = 0; stage <= last; stage++) {
        for (let index = 0; index < shape[1]; index++) {
          const value = data[stage * shape[1] + index];
          context.fillStyle = tokens.run(value < 0 ? "--falls" : "--rises");
          const size = 2.1 * scale;
          context.beginPath();
          // Negative ones are squares: told apart without color.
          if (value < 0) context.rect(x(stage) - size, y(value) - size, 2 * size, 2 * size);
          else context.arc(x(stage), y(value), size, 0, 2 * Math.PI);
          context.fill();
        }
      }
      context.fillStyle = tokens.ink;
      context.textAlign = "left";
      context.textBaseline = "top";
      context.fillText(_("eigenvalues"), whole.left + 4 * scale, upper.top - 10 * scale);

      const lower = {...whole, top: middle + 14 * scale};
      const share = (/** @type {number} */ value) => lower.bottom - value * (lower.bottom - lower.top);
      drawRules(
        context,
        lower,
        [0, 0.5, 1].map((tick) => ({y: share(tick), text: String(tick)})),
        tokens,
        scale,
      );
      for (const [
        values,
        most,
        color,
        dash,
      ] of /** @type {[(stage: number) => number, number, string, number[]][]} */ ([
        [(stage) => network.loss.data[network.stages[stage]], network.loss.data[0], tokens.quiet, [5, 3]],
        [(stage) => network.ratio.data[stage], 1, tokens.run("--rises"), []],
      ])) {
        context.strokeStyle = color;
        context.lineWidth = 2 * scale;
        context.setLineDash(dash.map((part) => part * scale));
        context.beginPath();
        for (let stage = 0; stage <= last; stage++) context.lineTo(x(stage), share(Math.min(values(stage) / most, 1)));
        context.stroke();
      }
      context.setLineDash([]);
      context.textAlign = "left";
      context.textBaseline = "bottom";
      context.fillStyle = tokens.ink;
      context.fillText(_("share of positive ones; dashed: loss"), whole.left + 4 * scale, lower.top - 2 * scale);
      context.fillStyle = tokens.quiet;
      context.textAlign = "center";
      context.textBaseline = "top";
      network.stages.forEach((stage, index) => {
        const isShown = index === last || (index % 6 === 0 && last - index > 3);
        if (isShown) context.fillText(String(stage), x(index), lower.bottom + 4 * scale);
      });
      context.textAlign = "right";
      context.fillText(_("updates"), whole.right, lower.bottom + 16 * scale);
    },
  };
}
