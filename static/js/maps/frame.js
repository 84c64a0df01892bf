// What stands around a map: its frame with both axes, and what its colours mean.

import {make, setChildren} from "../dom.js";
import {ticksOf} from "../losschart.js";
import {short} from "../numbers.js";
import {cssOf, RAMP} from "./colors.js";

/**
 * @typedef {{title: string, symbol: string, scale: import("../scales.js").Scale}} Named
 * @typedef {{shareOf: (value: number) => number, range: [number, number]}} Along where values lie on a side, 0 to 1
 */

/** @param {Named} side */
const nameOf = ({title, symbol}) => [title, symbol].filter(Boolean).join(" ");

/**
 * Round numbers along a side.
 * @param {Pick<Named, "scale">} side
 * @param {Along} along
 * @param {number} most
 */
export function axisTicks({scale}, {range, shareOf}, most) {
  return roundNumbers(scale, range, most).filter((tick) => {
    const share = shareOf(tick);
    return share > -1e-9 && share < 1 + 1e-9;
  });
}

/** @param {Named["scale"]} scale @param {[number, number]} range @param {number} most */
function roundNumbers(scale, [low, high], most) {
  if (scale === "linear") return ticksOf(low, high, most);
  if (scale === "one_minus_log") {
    const ticks = [0, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999].filter((tick) => tick >= low && tick <= high);
    return ticks.length > 1 ? ticks : ticksOf(low, high, most);
  }
  const [first, last] = [Math.log10(low), Math.log10(high)];
  if (last - first < 1.2) return ticksOf(low, high, most);
  return ticksOf(first, last, most, 1).map((power) => 10 ** power);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {[Named, Named]} sides
 * @param {[Along, Along]} along
 * @param {{rect: import("../geometry.js").Rect, side: number, tokens: import("../tokens.js").Tokens, scale: number}} how
 *   `side`: of the square around it all
 */
export function drawFrame(context, [across, upwards], along, {rect, side, tokens, scale}) {
  const {left, top, width, height} = rect;
  context.strokeStyle = tokens.rule;
  context.lineWidth = 1;
  context.strokeRect(Math.round(left) - 0.5, Math.round(top) - 0.5, Math.round(width) + 1, Math.round(height) + 1);
  context.font = `${12 * scale}px ${tokens.font}`;
  context.fillStyle = tokens.quiet;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const tick of axisTicks(across, along[0], width / (48 * scale))) {
    const x = left + along[0].shareOf(tick) * width;
    context.fillRect(Math.round(x), top + height, 1, 4 * scale);
    context.fillText(short(tick, 5), x, top + height + 6 * scale);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const tick of axisTicks(upwards, along[1], height / (40 * scale))) {
    const y = top + (1 - along[1].shareOf(tick)) * height;
    context.fillRect(left - 4 * scale, Math.round(y), 4 * scale, 1);
    context.fillText(short(tick, 5), left - 6 * scale, y);
  }
  context.fillStyle = tokens.ink;
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.fillText(nameOf(across), left + width / 2, side - 3 * scale);
  context.save();
  context.translate(2 * scale, top + height / 2);
  context.rotate(-Math.PI / 2);
  context.textBaseline = "top";
  const isTight = context.measureText(nameOf(upwards)).width > 0.8 * height;
  context.fillText((isTight && upwards.symbol) || nameOf(upwards), 0, 0);
  context.restore();
}

/** @param {HTMLElement} element @param {import("./colors.js").Colors} colors */
export function showLegend(element, {ramp, swatches}) {
  const words = JSON.stringify([ramp, swatches]);
  if (element.dataset.shown === words) return;
  element.dataset.shown = words;
  const stops = RAMP.filter((_color, at) => at % 51 === 0).map(cssOf);
  const bar = make("i", {class: "ramp"});
  bar.style.backgroundImage = `linear-gradient(to right, ${stops.join(", ")})`;
  const title = make("b", {textContent: ramp?.words ?? ""});
  const scale = ramp ? [make("span", {class: "swatch-text"}, title, ` ${ramp.low} `, bar, ` ${ramp.high}`)] : [];
  const named = swatches.map(({color, text, pattern}) => {
    const sample = make("i", {class: ["sample", pattern].filter(Boolean).join(" ")});
    sample.style.backgroundColor = color;
    return make("span", {class: "swatch-text"}, sample, text);
  });
  setChildren(element, [...scale, ...named]);
}
