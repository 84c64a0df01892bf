// How far batch gradients scatter, against the size of the batch: the law as a line, what was drawn as points.

import {boxOf, drawRules, drawSteps} from "../axes.js";
import {createCanvas} from "../canvas.js";
import {ticksOf} from "../losschart.js";
import {short} from "../numbers.js";
import {_} from "../words.js";

/**
 * @typedef {import("../wire.js").Tensor} Tensor
 * @typedef {import("../server/types.js").BatchNoise} Noise
 */

const ROUNDING = 1e-9; // the share of the largest that is nothing: all rows together leave nothing to scatter

/** @param {HTMLCanvasElement} element */
export function createNoiseChart(element) {
  const canvas = createCanvas(element);
  return {
    resize: canvas.resize,
    /**
     * @param {Noise} noise
     * @param {{batches: {batch: number, color: string}[], tokens: import("../tokens.js").Tokens, scale: number}} how
     *   `batches`: those of the runs
     */
    paint(noise, {batches, tokens, scale}) {
      const [sizes, predicted, measured] = [noise.batch_sizes, noise.predicted, noise.measured].map(({data}) => [
        ...data,
      ]);
      const {context, width, height} = canvas;
      canvas.clear();
      if (width < 80 || height < 60) return;
      const isShown = (/** @type {number} */ value) => value > ROUNDING * Math.max(...predicted);
      const values = [...predicted, ...measured].filter(isShown).map(Math.log10);
      if (!values.length) return;
      const box = boxOf(width, height, scale);
      const [low, high] = [Math.min(...values) - 0.15, Math.max(...values) + 0.15];
      const most = Math.log2(sizes[sizes.length - 1]) || 1;
      const x = (/** @type {number} */ size) => box.left + (Math.log2(size) / most) * (box.right - box.left);
      const y = (/** @type {number} */ value) =>
        box.bottom - ((Math.log10(value) - low) / (high - low)) * (box.bottom - box.top);
      context.font = `${11.5 * scale}px ${tokens.font}`;
      const rows = ticksOf(low, high, Math.max(2, (box.bottom - box.top) / (34 * scale)), high - low > 2 ? 1 : 0.25);
      const rules = rows.map((tick) => ({y: y(10 ** tick), text: short(10 ** tick, 2)}));
      drawRules(context, box, rules, tokens, scale);
      const powers = Array.from({length: Math.floor(most) + 1}, (_power, at) => 2 ** at);
      const apart = Math.max(1, Math.ceil(powers.length / ((box.right - box.left) / (38 * scale))));
      const ticks = powers.filter((_power, at) => at % apart === 0).map((size) => ({x: x(size), text: String(size)}));
      drawSteps(context, box, ticks, _("batch size"), tokens, scale);

      for (const {batch, color} of batches) {
        context.strokeStyle = color;
        context.lineWidth = 1.5 * scale;
        context.setLineDash([4 * scale, 3 * scale]);
        context.beginPath();
        context.moveTo(x(batch), box.top);
        context.lineTo(x(batch), box.bottom);
        context.stroke();
      }
      context.setLineDash([]);
      context.save();
      context.beginPath();
      context.rect(box.left, box.top, box.right - box.left + 4, box.bottom - box.top);
      context.clip();
      context.strokeStyle = tokens.quiet;
      context.lineWidth = 1.6 * scale;
      context.beginPath();
      sizes.forEach((size, at) => {
        // The last one falls to nothing: off the paper.
        context.lineTo(x(size), isShown(predicted[at]) ? y(predicted[at]) : box.bottom + 40 * scale);
      });
      context.stroke();
      context.restore();
      context.fillStyle = tokens.accent;
      sizes.forEach((size, at) => {
        if (!isShown(measured[at])) return;
        context.beginPath();
        context.arc(x(size), y(measured[at]), 3.2 * scale, 0, 2 * Math.PI);
        context.fill();
      });
    },
  };
}
