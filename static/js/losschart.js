// Loss against steps, on a canvas of its own: axes, lines of all runs of all panels, and a line at the frame.

import {createCanvas} from "./canvas.js";
import {short} from "./numbers.js";
import {styleOf} from "./styles.js";

/**
 * @typedef {import("./tokens.js").Tokens} Tokens
 * @typedef {Float32Array | Float64Array} Values
 * @typedef {{gap: Values, slot: number, panel: number, letter: string, faint?: Values}} Line `faint`: what
 *   is drawn pale behind the line, step by step
 * @typedef {{lines: Line[], steps: number, frame: number, isLog: boolean, tokens: Tokens, scale: number}} Chart
 */

const LEAST = 1e-16;

/**
 * The lines of all panels' runs.
 * @param {import("./panel.js").Panel[]} panels
 * @returns {Line[]}
 */
export function linesOf(panels) {
  return panels.flatMap(({answer, runs}, panel) =>
    (answer?.runs ?? []).map((run, at) => ({
      gap: run.gap.data,
      slot: runs[at]?.slot ?? at,
      panel,
      letter: panels.length > 1 ? "AB"[panel] : "",
    })),
  );
}

/**
 * The range of the vertical axis: on a log scale at most 16 decades below the top, and not above what matters.
 * @param {Line[]} lines
 * @param {boolean} isLog
 * @returns {[number, number]} in units of the axis: log10 of the gap, or the gap
 */
export function gapRange(lines, isLog) {
  let [low, high, first] = [Infinity, 0, 0];
  for (const {gap} of lines) {
    first = Math.max(first, gap[0]);
    for (const value of gap) {
      if (!Number.isFinite(value)) continue;
      if (value > high) high = value;
      if (value > 0 && value < low) low = value;
    }
  }
  // A diverging run must not press the others flat.
  const top = Math.min(high, Math.max(first, LEAST) * (isLog ? 1e6 : 1.5)) || 1;
  if (!isLog) return [0, top * 1.05];
  const bottom = Math.max(Math.min(low, top / 10), top * LEAST);
  return [Math.floor(Math.log10(bottom) * 2) / 2, Math.ceil(Math.log10(top) * 2) / 2];
}

/**
 * Round numbers that divide an axis.
 * @param {number} low
 * @param {number} high
 * @param {number} most
 * @param {number} [least] smallest step
 */
export function ticksOf(low, high, most, least = 0) {
  const rough = Math.max((high - low) / most, least);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999) ?? rough;
  const ticks = [];
  for (let tick = Math.ceil(low / step - 1e-9) * step; tick <= high + step * 1e-9; tick += step) {
    ticks.push(Number(tick.toPrecision(12)));
  }
  return ticks;
}

/**
 * Values that scatter around a line: dots, because a line through thousands of them would be an area.
 * @param {CanvasRenderingContext2D} context
 * @param {Values} values
 * @param {{toX: (step: number) => number, toY: (value: number) => number, isLog: boolean, color: string,
 *   scale: number}} how
 */
function drawFaint(context, values, {toX, toY, isLog, color, scale}) {
  const size = (values.length > 2000 ? 1 : 1.8) * scale;
  context.fillStyle = color;
  context.globalAlpha = values.length > 2000 ? 0.25 : 0.4;
  for (let step = 0; step < values.length; step++) {
    const value = values[step];
    if (isLog && !(value > 0)) continue; // a batch may lie below the lowest value of all rows
    context.fillRect(toX(step) - size / 2, toY(isLog ? Math.log10(value) : value) - size / 2, size, size);
  }
  context.globalAlpha = 1;
}

/**
 * @param {HTMLCanvasElement} element
 * @param {{onScrub: (step: number, isLast: boolean) => void}} events
 */
export function createLossChart(element, {onScrub}) {
  const canvas = createCanvas(element);
  const place = {left: 52, right: 10, top: 10, bottom: 24};
  let [width, height, steps] = [0, 0, 1];
  let scale = 1;

  const stepAt = (/** @type {PointerEvent} */ event) => {
    const {left} = element.getBoundingClientRect();
    const share = (event.clientX - left - place.left * scale) / (width - (place.left + place.right) * scale);
    return Math.min(Math.max(share, 0), 1) * steps;
  };
  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    onScrub(stepAt(event), false);
  });
  element.addEventListener("pointermove", (event) => {
    if (element.hasPointerCapture(event.pointerId)) onScrub(stepAt(event), false);
  });
  element.addEventListener("pointerup", (event) => onScrub(stepAt(event), true));

  return {
    /** @param {number} newWidth @param {number} newHeight */
    resize(newWidth, newHeight) {
      [width, height] = [newWidth, newHeight];
      canvas.resize(width, height);
    },
    /** @param {Chart} chart */
    paint({lines, steps: newSteps, frame, isLog, tokens, scale: newScale}) {
      if (!width || !height) return;
      steps = newSteps;
      scale = newScale;
      const {context} = canvas;
      const [left, top] = [place.left * scale, place.top * scale];
      const [right, bottom] = [width - place.right * scale, height - place.bottom * scale];
      const [low, high] = gapRange(lines, isLog);
      const toX = (/** @type {number} */ step) => left + (step / steps) * (right - left);
      const toY = (/** @type {number} */ value) => bottom - ((value - low) / (high - low)) * (bottom - top);
      canvas.clear();
      context.font = `${11.5 * scale}px ${tokens.font}`;
      context.strokeStyle = tokens.rule;
      context.fillStyle = tokens.quiet;
      context.lineWidth = 1;
      context.textBaseline = "middle";
      context.textAlign = "right";
      for (const tick of ticksOf(low, high, Math.max(2, (bottom - top) / (34 * scale)), isLog ? 1 : 0)) {
        const y = Math.round(toY(tick)) + 0.5;
        context.beginPath();
        context.moveTo(left, y);
        context.lineTo(right, y);
        context.stroke();
        context.fillText(short(isLog ? 10 ** tick : tick, 2), left - 6 * scale, y);
      }
      context.textAlign = "center";
      context.textBaseline = "top";
      for (const tick of ticksOf(0, steps, Math.max(2, (right - left) / (70 * scale)), 1)) {
        context.fillText(String(tick), Math.min(toX(tick), right - 8 * scale), bottom + 6 * scale);
      }
      context.save();
      context.beginPath();
      context.rect(left, top - 4, right - left + 1, bottom - top + 5);
      context.clip();
      context.lineJoin = "round";
      for (const {faint, slot} of lines) {
        if (faint) drawFaint(context, faint, {toX, toY, isLog, color: tokens.run(styleOf(slot).token), scale});
      }
      for (const line of lines) {
        const style = styleOf(line.slot);
        context.strokeStyle = tokens.run(style.token);
        context.lineWidth = (line.panel === 0 ? 2 : 1.4) * scale;
        context.setLineDash(style.dash.map((part) => part * scale));
        context.beginPath();
        for (let row = 0; row < line.gap.length; row++) {
          const gap = line.gap[row];
          if (!Number.isFinite(gap)) break;
          const value = isLog ? Math.log10(Math.max(gap, LEAST * LEAST)) : gap;
          const y = Math.min(Math.max(toY(value), top - 1e4), bottom + 1e4);
          if (row === 0) context.moveTo(toX(row), y);
          else context.lineTo(toX(row), y);
        }
        context.stroke();
        context.setLineDash([]);
        const row = Math.min(Math.floor(frame), line.gap.length - 1);
        const gap = line.gap[row];
        if (Number.isFinite(gap)) {
          const y = toY(isLog ? Math.log10(Math.max(gap, LEAST * LEAST)) : gap);
          context.fillStyle = line.panel === 0 ? tokens.run(style.token) : tokens.paper;
          context.lineWidth = 1.6 * scale;
          context.beginPath();
          context.arc(toX(row), Math.min(Math.max(y, top), bottom), 3.6 * scale, 0, 2 * Math.PI);
          context.fill();
          context.stroke();
          if (line.letter) {
            context.font = `600 ${12 * scale}px ${tokens.font}`;
            context.textAlign = toX(row) > right - 20 * scale ? "right" : "left";
            context.textBaseline = "bottom";
            context.fillStyle = tokens.ink;
            const aside = (context.textAlign === "right" ? -6 : 6) * scale;
            context.fillText(
              line.letter,
              toX(row) + aside,
              Math.min(Math.max(y, top + 14 * scale), bottom) - 3 * scale,
            );
          }
        }
      }
      context.restore();
      const x = Math.round(toX(frame)) + 0.5;
      context.strokeStyle = tokens.accent;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(x, top - 4);
      context.lineTo(x, bottom);
      context.stroke();
    },
  };
}
