// The frame of a small chart: where it is drawn, horizontal rules with their numbers, ticks below.

/** @typedef {{left: number, right: number, top: number, bottom: number}} Box */

const PLACE = {left: 46, right: 12, top: 12, bottom: 32};

/** @param {number} width @param {number} height @param {number} scale @returns {Box} */
export function boxOf(width, height, scale) {
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
 * @param {{y: number, text: string}[]} ticks @param {import("./tokens.js").Tokens} tokens @param {number} scale
 */
export function drawRules(context, {left, right}, ticks, tokens, scale) {
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
 * Numbers below the box, and what they count.
 * @param {CanvasRenderingContext2D} context @param {Box} box
 * @param {{x: number, text: string}[]} ticks @param {string} title
 * @param {import("./tokens.js").Tokens} tokens @param {number} scale
 */
export function drawSteps(context, {right, bottom}, ticks, title, tokens, scale) {
  context.fillStyle = tokens.quiet;
  context.textBaseline = "top";
  context.textAlign = "center";
  for (const {x, text} of ticks) context.fillText(text, Math.min(x, right - 6 * scale), bottom + 4 * scale);
  context.textAlign = "right";
  context.fillText(title, right, bottom + 17 * scale);
}
