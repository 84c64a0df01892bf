// Strokes on a canvas that stay readable on anything: markers, texts, arrows.

import {outlineOf} from "./styles.js";

/** @typedef {import("./tokens.js").Tokens} Tokens */

/**
 * Draw a marker.
 * @param {CanvasRenderingContext2D} context
 * @param {import("./styles.js").Marker} marker
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
export function drawMarker(context, marker, x, y, radius) {
  const outline = outlineOf(marker, radius);
  context.beginPath();
  if (outline.length === 0) context.arc(x, y, radius, 0, 2 * Math.PI);
  for (let index = 0; index < outline.length; index += 2) context.lineTo(x + outline[index], y + outline[index + 1]);
  context.closePath();
  context.fill();
  context.stroke();
}

/**
 * Draw a text that stays readable on anything.
 * @param {CanvasRenderingContext2D} context
 * @param {Tokens} tokens
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {string} color
 */
export function drawText(context, tokens, text, x, y, color) {
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = tokens.paper;
  context.strokeText(text, x, y);
  context.fillStyle = color;
  context.fillText(text, x, y);
}

/**
 * Draw an arrow from a point along a direction in pixels.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} dx
 * @param {number} dy
 * @param {number} head
 */
export function drawArrow(context, x, y, dx, dy, head) {
  const length = Math.hypot(dx, dy);
  if (!(length > 0)) return;
  const [ux, uy] = [dx / length, dy / length];
  const [tipX, tipY] = [x + dx, y + dy];
  const [neckX, neckY] = [tipX - ux * head, tipY - uy * head];
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(neckX, neckY);
  context.stroke();
  context.beginPath();
  context.moveTo(tipX, tipY);
  context.lineTo(neckX - uy * head * 0.5, neckY + ux * head * 0.5);
  context.lineTo(neckX + uy * head * 0.5, neckY - ux * head * 0.5);
  context.closePath();
  context.fill();
}
