// What each past value weighs in the averages at the step on the screen: bars, the newest at the right.

import {boxOf, drawRules, drawSteps} from "../axes.js";
import {createCanvas} from "../canvas.js";
import {ticksOf} from "../losschart.js";
import {short} from "../numbers.js";
import {drawText} from "../strokes.js";
import {styleOf} from "../styles.js";
import {_} from "../words.js";

/**
 * @typedef {import("./serieschart.js").Average} Average
 * @typedef {import("./serieschart.js").Picture} Picture
 */

const WINDOWS = 3; // how many windows back are shown: beyond, e⁻³ of the newest weight is left
const LEAST = 12; // steps shown

/**
 * What the value seen `lag` steps ago weighs at step `frame`.
 * @param {Average} average @param {number} lag @param {number} frame
 */
export function weightOf({weights, kept}, lag, frame) {
  return lag < frame ? weights.data[lag] / kept.data[frame] : 0;
}

/**
 * How many steps back are shown.
 * @param {Average[]} averages @param {number} steps
 */
export function lagsOf(averages, steps) {
  const longest = Math.max(...averages.map(({window}) => window));
  return Math.max(Math.min(Math.ceil(WINDOWS * longest), steps), Math.min(LEAST, steps));
}

/** @param {HTMLCanvasElement} element */
export function createWeightsChart(element) {
  const canvas = createCanvas(element);
  return {
    resize: canvas.resize,
    /** @param {Picture} picture */
    paint({answer, slots, frame, selected, tokens, scale}) {
      const {context, width, height} = canvas;
      canvas.clear();
      if (width < 50) return;
      const {averages} = answer;
      const last = answer.observed.data.length - 1;
      const now = Math.min(frame, last);
      const lags = lagsOf(averages, last);
      const box = boxOf(width, height, scale);
      const slot = (box.right - box.left) / (lags + 1); // one more at the left: the initial value
      const edge = (/** @type {number} */ lag) => box.right - lag * slot;
      let most = 0;
      for (const average of averages) most = Math.max(most, weightOf(average, 0, now));
      most = 1.12 * (most || 1);
      const y = (/** @type {number} */ weight) => box.bottom - (Math.min(weight, most) / most) * (box.bottom - box.top);
      context.font = `${11.5 * scale}px ${tokens.font}`;

      const {window} = averages[selected];
      context.fillStyle = tokens.accent;
      context.globalAlpha = 0.12;
      const from = Math.max(edge(window), box.left);
      context.fillRect(from, box.top, box.right - from, box.bottom - box.top);
      context.globalAlpha = 1;
      const rules = ticksOf(0, most, Math.max(2, height / (34 * scale)));
      drawRules(
        context,
        box,
        rules.map((weight) => ({y: y(weight), text: short(weight)})),
        tokens,
        scale,
      );
      const ticks = ticksOf(0, lags - 1, width / (70 * scale), 1);
      drawSteps(
        context,
        box,
        ticks.map((lag) => ({x: edge(lag + 0.5), text: String(lag)})),
        _("k steps back: what the value then weighs now"),
        tokens,
        scale,
      );

      const shown = Math.min(now, lags);
      averages.forEach((average, index) => {
        const {token, dash} = styleOf(slots[index]);
        const color = tokens.run(token);
        context.fillStyle = color;
        if (index === selected) {
          context.globalAlpha = 0.45;
          const gap = slot > 4 ? 1 : 0;
          for (let lag = 0; lag < shown; lag++) {
            const top = y(weightOf(average, lag, now));
            context.fillRect(edge(lag + 1) + gap / 2, top, slot - gap, box.bottom - top);
          }
          context.globalAlpha = 1;
        }
        // The initial value has a place of its own, at the left of all others.
        const start = average.start_weight.data[now];
        if (start > 1e-4) {
          context.globalAlpha = 0.45;
          const wide = Math.max(slot, 7 * scale);
          context.fillRect(box.left, y(start), wide, box.bottom - y(start));
          context.globalAlpha = 1;
          context.textAlign = "left";
          context.textBaseline = "bottom";
          const words = _("v₀ weighs {weight}", {weight: short(start)});
          const place = Math.max(y(start), box.top + 14 * scale);
          drawText(context, tokens, words, box.left + wide + 3 * scale, place + 12 * scale, tokens.ink);
        }
        context.strokeStyle = color;
        context.lineWidth = (index === selected ? 2 : 1.6) * scale;
        context.setLineDash(dash.map((part) => part * scale));
        context.beginPath();
        context.moveTo(edge(0), box.bottom);
        for (let lag = 0; lag < shown; lag++) {
          const top = y(weightOf(average, lag, now));
          context.lineTo(edge(lag), top);
          context.lineTo(edge(lag + 1), top);
        }
        context.lineTo(edge(shown), box.bottom);
        context.stroke();
        context.setLineDash([]);
      });

      // An exponential average's window ends where about 1/e of the newest weight is left.
      if (averages[selected].name === "ema" && now > 0) {
        const level = y(weightOf(averages[selected], 0, now) / Math.E);
        context.strokeStyle = tokens.ink;
        context.lineWidth = 1;
        context.setLineDash([3 * scale, 3 * scale]);
        context.beginPath();
        context.moveTo(from, level);
        context.lineTo(box.right, level);
        context.moveTo(from, box.top);
        context.lineTo(from, box.bottom);
        context.stroke();
        context.setLineDash([]);
        context.textAlign = "left";
        context.textBaseline = "bottom";
        const words = _("1/e of the newest");
        const room = context.measureText(words).width;
        const left = from - room - 4 * scale > box.left + 80 * scale ? from - room - 4 * scale : from + 4 * scale;
        drawText(context, tokens, words, left, level - 2 * scale, tokens.ink);
      }
    },
  };
}
