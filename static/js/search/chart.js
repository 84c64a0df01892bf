// The best that has been found against the budget spent: of this search, of many like it, and of one's own samples.

import {boxOf, drawRules, drawSteps} from "../axes.js";
import {createCanvas} from "../canvas.js";
import {ticksOf} from "../losschart.js";
import {short} from "../numbers.js";
import {_} from "../words.js";

/**
 * @typedef {(number | null)[]} Curve best after 1, 2, … runs; null: nothing yet
 * @typedef {import("../server/types.js").Bands} Bands
 * @typedef {{color: string, dash: number[], letter: string, best: Curve, bands: Bands | null}} Line
 * @typedef {{lines: Line[], truth: number | null, budget: number, frame: number, isLog: boolean,
 *   tokens: import("../tokens.js").Tokens, scale: number}} Chart
 */

const MOST_DECADES = 16; // below the top nothing is a difference

/**
 * The range of the vertical axis.
 * @param {Chart} chart
 * @returns {[number, number]} in units of the axis
 */
export function rangeOf({lines, truth, isLog}) {
  const found = [truth, ...lines.flatMap(({best, bands}) => [...best, ...(bands?.low ?? []), ...(bands?.high ?? [])])]
    .filter((value) => value !== null && Number.isFinite(value))
    .map(Number);
  if (!found.length) return isLog ? [-1, 0] : [0, 1];
  const top = Math.max(...found);
  if (!isLog) return [0, top * 1.08 || 1];
  const above = found.filter((value) => value > 0);
  if (!above.length) return [-1, 0];
  const high = Math.log10(top);
  const low = Math.max(Math.log10(Math.min(...above)), high - MOST_DECADES);
  return [Math.floor(low * 2) / 2 - 0.25, Math.max(Math.ceil(high * 2) / 2, low + 0.5)];
}

/**
 * Round values on a logarithmic axis: powers of ten, and where there are few of them, what lies between.
 * @param {number} low @param {number} high @param {number} most
 */
function logTicks(low, high, most) {
  const powers = ticksOf(low, high, most, 1);
  if (powers.length > 2) return powers.map((power) => 10 ** power);
  const decades = Array.from(
    {length: Math.ceil(high) - Math.floor(low) + 1},
    (_power, at) => 10 ** (Math.floor(low) + at),
  );
  return decades
    .flatMap((decade) => [1, 2, 5].map((factor) => factor * decade))
    .filter((value) => {
      const place = Math.log10(value);
      return place >= low && place <= high;
    });
}

/**
 * @param {HTMLCanvasElement} element
 * @param {{onScrub: (run: number) => void}} events
 */
export function createChart(element, {onScrub}) {
  const canvas = createCanvas(element);
  let [budget, scale] = [1, 1];

  /** @param {PointerEvent} event */
  function scrub(event) {
    const box = boxOf(canvas.width, canvas.height, scale);
    const share = (event.clientX - element.getBoundingClientRect().left - box.left) / (box.right - box.left);
    onScrub(Math.round(Math.min(Math.max(share, 0), 1) * budget));
  }
  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    scrub(event);
  });
  element.addEventListener("pointermove", (event) => element.hasPointerCapture(event.pointerId) && scrub(event));

  return {
    resize: canvas.resize,
    /** @param {Chart} chart */
    paint(chart) {
      const {lines, truth, frame, isLog, tokens} = chart;
      const {context, width, height} = canvas;
      [budget, scale] = [chart.budget, chart.scale];
      canvas.clear();
      if (width < 80 || height < 60) return;
      const box = boxOf(width, height, scale);
      const [low, high] = rangeOf(chart);
      const x = (/** @type {number} */ run) => box.left + (run / budget) * (box.right - box.left);
      // What is not found yet lies above the paper, exact zeros below it.
      const y = (/** @type {number | null} */ value) => {
        if (value === null) return box.top - 40 * scale;
        const place = isLog ? (value > 0 ? Math.log10(value) : -Infinity) : value;
        return box.bottom - (Math.max(place - low, -0.02 * (high - low)) / (high - low)) * (box.bottom - box.top);
      };
      context.font = `${11.5 * scale}px ${tokens.font}`;
      const most = Math.max(2, (box.bottom - box.top) / (34 * scale));
      const values = isLog ? logTicks(low, high, most) : ticksOf(low, high, most);
      const rules = values.map((tick) => ({y: y(tick), text: short(tick, 2)}));
      drawRules(context, box, rules, tokens, scale);
      const ticks = ticksOf(0, budget, Math.max(2, (box.right - box.left) / (50 * scale)), 1);
      const steps = ticks.map((tick) => ({x: x(tick), text: String(tick)}));
      drawSteps(context, box, steps, _("runs"), tokens, scale);
      context.save();
      context.beginPath();
      context.rect(box.left, box.top - 2, box.right - box.left + 4, box.bottom - box.top + 6);
      context.clip();
      for (const {color, bands} of lines) {
        if (!bands) continue;
        context.fillStyle = color;
        context.globalAlpha = 0.16;
        context.beginPath();
        bands.high.forEach((value, at) => context.lineTo(x(at + 1), y(value)));
        for (let at = bands.low.length - 1; at >= 0; at--) context.lineTo(x(at + 1), y(bands.low[at]));
        context.fill();
        context.globalAlpha = 1;
      }
      if (truth !== null) {
        context.strokeStyle = tokens.ink;
        context.lineWidth = 1.3 * scale;
        context.setLineDash([3 * scale, 4 * scale]);
        context.beginPath();
        context.moveTo(box.left, y(truth));
        context.lineTo(box.right, y(truth));
        context.stroke();
      }
      for (const {color, dash, bands, best, letter} of lines) {
        context.strokeStyle = color;
        if (bands) {
          context.setLineDash(dash.map((part) => part * scale));
          context.lineWidth = 2.2 * scale;
          context.beginPath();
          bands.middle.forEach((value, at) => context.lineTo(x(at + 1), y(value)));
          context.stroke();
        }
        context.setLineDash([]);
        context.lineWidth = (bands ? 1.1 : 2) * scale;
        context.beginPath();
        best.forEach((value, at) => {
          // A find holds until there is a better one.
          if (at) context.lineTo(x(at + 1), y(best[at - 1]));
          context.lineTo(x(at + 1), y(value));
        });
        context.stroke();
        const at = Math.min(bands ? frame : best.length, best.length);
        const now = at > 0 ? best[at - 1] : null;
        if (now === null) continue;
        context.fillStyle = color;
        context.beginPath();
        context.arc(x(at), y(now), 3.4 * scale, 0, 2 * Math.PI);
        context.fill();
        if (letter) {
          context.fillStyle = tokens.ink;
          context.textAlign = at > 0.9 * budget ? "right" : "left";
          context.textBaseline = "bottom";
          context.fillText(letter, x(at) + (at > 0.9 * budget ? -6 : 6) * scale, y(now) - 2 * scale);
        }
      }
      context.restore();
      context.setLineDash([]);
      context.strokeStyle = tokens.accent;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(Math.round(x(frame)) + 0.5, box.top - 4);
      context.lineTo(Math.round(x(frame)) + 0.5, box.bottom);
      context.stroke();
    },
  };
}
