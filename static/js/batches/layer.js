// What the batch at the step on the screen sees: its own contours over those of all rows, and both slopes.

import {createCanvas} from "../canvas.js";
import {make} from "../dom.js";
import {plotRect} from "../figure.js";
import {isInside, projection} from "../geometry.js";
import {isoline} from "../isolines.js";
import {createRequests, fetchJson} from "../requests.js";
import {drawArrow, drawText} from "../strokes.js";
import {styleOf} from "../styles.js";
import {decodeAll} from "../wire.js";
import {_} from "../words.js";

/**
 * @typedef {import("../geometry.js").Ranges} Ranges
 * @typedef {import("../wire.js").Tensor} Tensor
 * @typedef {import("../server/types.js").BatchAnswer} Batch
 */

const MOST_KEPT = 200; // answers: stepping back shows them at once
const LINES = 9; // evenly apart on a bowl: the loss itself grows with the square of the distance

/**
 * @param {import("../panel.js").Panel} panel
 * @param {{page: import("../page.js").Page & {batchApi?: string}, tokens: () => import("../tokens.js").Tokens,
 *   scale: () => number, requestPaint: () => void, onLost: (isLost: boolean) => void,
 *   onRefusal: (message: string) => void}} options
 */
export function createLayer(panel, {page, tokens, scale, requestPaint, onLost, onRefusal}) {
  const element = make("canvas", {class: "overlay", aria: {hidden: "true"}});
  panel.part("overlay").before(element);
  const canvas = createCanvas(element);
  /** @type {Map<string, Batch>} */
  const kept = new Map();
  let wanted = "";
  /** @type {Batch | null} */
  let shown = null;
  /** @type {unknown[]} */
  let painted = [];

  const requests = createRequests({
    get: async (url, signal) => decodeAll(await fetchJson(url, {signal, language: page.language})),
    onAnswer(batch, url) {
      if (kept.size >= MOST_KEPT) kept.delete(String(kept.keys().next().value));
      kept.set(url, batch);
      requestPaint();
    },
    onRefusal: ({message}) => onRefusal(message),
    onLost,
  });

  /** @param {string} query @param {number} frame @param {number} run */
  function ask(query, frame, run) {
    const where = `update=${frame}&which=${run + 1}`;
    wanted = `${page.batchApi}?${[query, where].filter(Boolean).join("&")}`;
    if (!kept.has(wanted)) requests.ask(wanted);
  }

  return {
    /**
     * Draw the batch that is at hand: the one wanted, or while it comes the last one.
     * @param {{query: string, frame: number, run: number, slot: number, isOn: boolean}} state `query`: of the answer on
     *   the screen; while a slider is dragged, the values are ahead of it, and may have fewer updates
     */
    paint({query, frame, run, slot, isOn}) {
      const {ranges, side} = panel;
      if (!ranges || !side || !panel.answer) return;
      canvas.resize(side, side);
      if (isOn) ask(query, frame, run);
      shown = isOn ? (kept.get(wanted) ?? shown) : null;
      const now = [shown, ...ranges, side, tokens(), slot, isOn];
      if (now.every((one, at) => one === painted[at])) return;
      painted = now;
      canvas.clear();
      if (shown)
        draw(canvas.context, shown, {ranges, rect: plotRect(side, scale()), color: tokens().run(styleOf(slot).token)});
    },
    /** The batch on the screen. */
    get batch() {
      return shown;
    },
    stop: requests.stop,
  };

  /**
   * @param {CanvasRenderingContext2D} context @param {Batch} batch
   * @param {{ranges: Ranges, rect: import("../geometry.js").Rect, color: string}} how
   */
  function draw(context, batch, {ranges, rect, color}) {
    const at = projection(ranges, rect);
    const {x, y, loss} = batch.grid;
    const lowest = Math.min(...loss.data);
    const gaps = Float64Array.from(loss.data, (value) => value - lowest);
    const most = Math.max(...gaps);
    const field = {x: x.data, y: y.data, values: gaps};
    context.save();
    context.beginPath();
    context.rect(rect.left, rect.top, rect.width, rect.height);
    context.clip();
    context.strokeStyle = color;
    context.globalAlpha = 0.55;
    context.lineWidth = 1.1 * scale();
    context.beginPath();
    for (let line = 1; line <= LINES; line++) {
      const segments = isoline(field, most * (line / (LINES + 1)) ** 2);
      for (let part = 0; part < segments.length; part += 4) {
        context.moveTo(at.x(segments[part]), at.y(segments[part + 1]));
        context.lineTo(at.x(segments[part + 2]), at.y(segments[part + 3]));
      }
    }
    context.stroke();
    context.globalAlpha = 1;
    drawSlopes(context, batch, {ranges, rect, color, at});
    context.restore();
  }

  /**
   * Downhill for all rows, and for this batch: arrows whose lengths compare.
   * @param {CanvasRenderingContext2D} context @param {Batch} batch
   * @param {{ranges: Ranges, rect: import("../geometry.js").Rect, color: string,
   *   at: import("../geometry.js").Projection}} how
   */
  function drawSlopes(context, {at: {data: point}, gradient, batch_gradient}, {ranges, rect, color, at}) {
    if (!isInside(ranges, point[0], point[1])) return;
    const pixels = [gradient, batch_gradient].map(({data: [x, y]}) => [-x * at.scaleX, y * at.scaleY]);
    const longest = Math.max(...pixels.map(([x, y]) => Math.hypot(x, y)));
    if (!(longest > 0)) return;
    const unit = Math.min(74 * scale(), rect.width * 0.2) / longest;
    const [left, top] = [at.x(point[0]), at.y(point[1])];
    const {ink, font} = tokens();
    context.font = `600 ${12.5 * scale()}px ${font}`;
    context.textBaseline = "middle";
    const names = [_("all rows"), _("batch")];
    // Names stand beside their arrows, away from the other one.
    const turn = Math.sign(pixels[0][0] * pixels[1][1] - pixels[0][1] * pixels[1][0]) || 1;
    pixels.forEach(([x, y], which) => {
      context.strokeStyle = context.fillStyle = which ? color : ink;
      context.lineWidth = 2.4 * scale();
      drawArrow(context, left, top, x * unit, y * unit, 9 * scale());
      const length = Math.hypot(x, y);
      if (length * unit <= 18 * scale()) return;
      const aside = ((which ? turn : -turn) * 11 * scale()) / length;
      context.textAlign = x >= 0 ? "left" : "right";
      const [textX, textY] = [left + x * unit - y * aside, top + y * unit + x * aside];
      drawText(context, tokens(), names[which], textX, textY, which ? color : ink);
    });
  }
}
