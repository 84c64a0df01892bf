// The series and its averages against time, with the window that ends at the step on the screen.

import {boxOf, drawRules, drawSteps} from "../axes.js";
import {createCanvas} from "../canvas.js";
import {ticksOf} from "../losschart.js";
import {short} from "../numbers.js";
import {drawMarker, drawText} from "../strokes.js";
import {styleOf} from "../styles.js";
import {_} from "../words.js";

/**
 * @typedef {import("../wire.js").Tensor} Tensor
 * @typedef {import("../server/types.js").AverageAnswer} Average
 * @typedef {import("../server/types.js").AveragesAnswer} Answer
 * @typedef {{answer: Answer, slots: number[], frame: number, steps: number, selected: number,
 *   tokens: import("../tokens.js").Tokens, scale: number}} Picture `slots`: the style of each average; `steps`: of the
 *   time line, which another panel may make longer than this series
 */

/**
 * The lowest and the highest of everything that is drawn, with a little air.
 * @param {Answer} answer
 * @returns {[number, number]}
 */
export function rangeOf({observed, averages}) {
  let [low, high] = [Infinity, -Infinity];
  for (const {data} of [observed, ...averages.map(({value}) => value)]) {
    for (const value of data) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (!(low <= high)) return [0, 1];
  const air = 0.06 * (high - low) || 1;
  return [low - air, high + air];
}

/**
 * @param {HTMLCanvasElement} element
 * @param {{onScrub: (step: number) => void}} events
 */
export function createSeriesChart(element, {onScrub}) {
  const canvas = createCanvas(element);
  let [steps, scale] = [1, 1];

  /** @param {PointerEvent} event */
  function scrub(event) {
    const {left} = element.getBoundingClientRect();
    const box = boxOf(canvas.width, 0, scale);
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
    /** @param {Picture} picture */
    paint({answer, slots, frame, steps: newSteps, selected, tokens, scale: newScale}) {
      const {context, width, height} = canvas;
      [steps, scale] = [newSteps, newScale];
      canvas.clear();
      if (width < 50) return;
      const box = boxOf(width, height, scale);
      const [low, high] = rangeOf(answer);
      const x = (/** @type {number} */ step) => box.left + (step / steps) * (box.right - box.left);
      const y = (/** @type {number} */ value) => box.bottom - ((value - low) / (high - low)) * (box.bottom - box.top);
      const last = answer.observed.data.length - 1;
      const now = Math.min(frame, last);
      context.font = `${11.5 * scale}px ${tokens.font}`;

      const {window} = answer.averages[selected];
      context.fillStyle = tokens.accent;
      context.globalAlpha = 0.12;
      const from = Math.max(x(now - window), box.left);
      context.fillRect(from, box.top, x(now) - from, box.bottom - box.top);
      context.globalAlpha = 1;

      const values = ticksOf(low, high, Math.max(2, height / (38 * scale)));
      drawRules(
        context,
        box,
        values.map((value) => ({y: y(value), text: short(value)})),
        tokens,
        scale,
      );
      const times = ticksOf(0, steps, width / (70 * scale), 1);
      drawSteps(
        context,
        box,
        times.map((time) => ({x: x(time), text: String(time)})),
        _("step t"),
        tokens,
        scale,
      );

      const dot = Math.min(Math.max((box.right - box.left) / last / 3, 1.1 * scale), 2.6 * scale);
      context.fillStyle = tokens.quiet;
      for (let step = 1; step <= last; step++) {
        context.globalAlpha = step <= now ? 0.75 : 0.3;
        context.beginPath();
        context.arc(x(step), y(answer.observed.data[step]), dot, 0, 2 * Math.PI);
        context.fill();
      }

      context.lineJoin = "round";
      /** @param {Tensor} values @param {number} first @param {number} end */
      const line = ({data}, first, end) => {
        context.beginPath();
        for (let step = first; step <= end; step++) {
          // Row 0 is nan where nothing can be said before the first value.
          if (!Number.isNaN(data[step])) context.lineTo(x(step), y(data[step]));
        }
        context.stroke();
      };
      answer.averages.forEach(({value}, index) => {
        const {token, dash} = styleOf(slots[index]);
        context.strokeStyle = tokens.run(token);
        context.lineWidth = (index === selected ? 2.6 : 1.9) * scale;
        context.setLineDash(dash.map((part) => part * scale));
        context.globalAlpha = 1;
        line(value, 0, now);
        context.globalAlpha = 0.3;
        line(value, now, last);
      });
      context.globalAlpha = 1;
      context.setLineDash([]);

      context.strokeStyle = tokens.accent;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(Math.round(x(now)) + 0.5, box.top - 4);
      context.lineTo(Math.round(x(now)) + 0.5, box.bottom);
      context.stroke();
      answer.averages.forEach(({value}, index) => {
        if (Number.isNaN(value.data[now])) return;
        const {token, marker} = styleOf(slots[index]);
        context.fillStyle = tokens.run(token);
        context.strokeStyle = tokens.paper;
        context.lineWidth = 1.2 * scale;
        drawMarker(context, marker, x(now), y(value.data[now]), 4.6 * scale);
      });
      context.textBaseline = "top";
      context.textAlign = "left";
      const words = _("window: {steps} steps", {steps: short(window)});
      const room = context.measureText(words).width;
      drawText(context, tokens, words, Math.min(from + 4 * scale, box.right - room), box.top, tokens.ink);
    },
  };
}
