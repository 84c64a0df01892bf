// What lies under the pointer: its coordinates and the loss there, and what the shades of the contours mean.

import {setText} from "./dom.js";
import {isInside, projection} from "./geometry.js";
import {short} from "./numbers.js";
import {_} from "./words.js";

/**
 * @typedef {{x: ArrayLike<number>, y: ArrayLike<number>, loss: ArrayLike<number>}} Grid evenly spaced
 * @typedef {{ranges: import("./geometry.js").Ranges, rect: import("./geometry.js").Rect, grid: Grid}} Place
 */

/**
 * The loss between the points of a grid, by bilinear interpolation; NaN outside.
 * @param {Grid} grid
 * @param {number} x
 * @param {number} y
 */
export function lossAt({x: xs, y: ys, loss}, x, y) {
  const cellOf = (/** @type {ArrayLike<number>} */ values, /** @type {number} */ value) => {
    const last = values.length - 1;
    const at = ((value - values[0]) / (values[last] - values[0])) * last;
    const cell = Math.min(Math.max(Math.floor(at), 0), last - 1);
    return {cell, share: at >= 0 && at <= last ? at - cell : NaN};
  };
  const across = cellOf(xs, x);
  const up = cellOf(ys, y);
  const corner = up.cell * xs.length + across.cell;
  const lower = loss[corner] + across.share * (loss[corner + 1] - loss[corner]);
  const above = corner + xs.length;
  const upper = loss[above] + across.share * (loss[above + 1] - loss[above]);
  return lower + up.share * (upper - lower);
}

/**
 * @param {HTMLElement} stage
 * @param {HTMLElement} element
 * @param {() => Place | null} where
 */
export function createReadout(stage, element, where) {
  const hide = () => void (element.hidden = true);
  stage.addEventListener("pointermove", (event) => {
    const place = where();
    if (!place) return hide();
    const box = stage.getBoundingClientRect();
    const at = projection(place.ranges, place.rect);
    const [x, y] = [at.fromX(event.clientX - box.left), at.fromY(event.clientY - box.top)];
    if (!isInside(place.ranges, x, y)) return hide();
    const loss = short(lossAt(place.grid, x, y));
    setText(element, _("x {x}, y {y}, L ≈ {loss}", {x: short(x), y: short(y), loss}));
    element.hidden = false;
  });
  for (const end of ["pointerleave", "pointercancel"]) stage.addEventListener(end, hide);
}

/**
 * Say what the darkest and the lightest shade mean.
 * @param {HTMLElement} element with two places for numbers
 * @param {import("./levels.js").Levels} levels
 */
export function showLegend(element, {low, high}) {
  const [least, most] = [short(10 ** low, 2), short(10 ** high, 2)];
  const [first, last] = element.querySelectorAll("span");
  setText(first, least);
  setText(last, most);
  const words = _("Shades: the loss above its lowest value, from {least} (dark) to {most} (light)", {least, most});
  element.setAttribute("aria-label", words);
  element.hidden = false;
}
