// Two fingers on a plot zoom it; one finger is left to the page, which scrolls.

import {projection} from "./geometry.js";

/**
 * @typedef {import("./geometry.js").Ranges} Ranges
 * @typedef {import("./geometry.js").Rect} Rect
 * @typedef {{x: number, y: number, scale: number}} Move a pixel p of the plot goes to (x, y) + scale · p
 */

/**
 * The move that takes two fingers from where they were to where they are.
 * @param {number[][]} from two points
 * @param {number[][]} to
 * @returns {Move}
 */
export function moveOf([a, b], [c, d]) {
  const apart = (/** @type {number[]} */ p, /** @type {number[]} */ q) => Math.hypot(p[0] - q[0], p[1] - q[1]);
  const scale = Math.min(Math.max(apart(c, d) / Math.max(apart(a, b), 1), 0.1), 10);
  return {
    scale,
    x: (c[0] + d[0] - scale * (a[0] + b[0])) / 2,
    y: (c[1] + d[1] - scale * (a[1] + b[1])) / 2,
  };
}

/**
 * What the plot shows after a move of its picture.
 * @param {Move} move
 * @param {Ranges} ranges
 * @param {Rect} rect
 * @returns {Ranges}
 */
export function rangesAfter({x, y, scale}, ranges, rect) {
  const at = projection(ranges, rect);
  const [left, top] = [(rect.left - x) / scale, (rect.top - y) / scale];
  return [at.fromX(left), at.fromX(left + rect.width / scale), at.fromY(top + rect.height / scale), at.fromY(top)];
}

/**
 * While two fingers move, the picture moves with them; when they leave, the plot is drawn anew.
 * @param {HTMLElement} stage
 * @param {() => {ranges: Ranges, rect: Rect} | null} where
 * @param {(ranges: Ranges) => Promise<void>} onZoom
 */
export function listenToPinch(stage, where, onZoom) {
  /** @type {number[][]} */
  let from = [];
  /** @type {Move | null} */
  let move = null;

  const pointsOf = (/** @type {TouchEvent} */ {touches}) => {
    const {left, top} = stage.getBoundingClientRect();
    return [...touches].map(({clientX, clientY}) => [clientX - left, clientY - top]);
  };
  const onTouch = (/** @type {TouchEvent} */ event) => {
    if (event.touches.length !== 2 || !event.cancelable || !where()) return;
    event.preventDefault(); // else the browser would zoom the page
    if (event.type === "touchstart" || !from.length) {
      from = pointsOf(event);
      return;
    }
    move = moveOf(from, pointsOf(event));
    stage.classList.add("pinching");
    stage.style.setProperty("--move", `translate(${move.x}px, ${move.y}px) scale(${move.scale})`);
  };
  const onLift = async () => {
    const [place, last] = [where(), move];
    from = [];
    move = null;
    if (place && last) await onZoom(rangesAfter(last, place.ranges, place.rect));
    stage.classList.remove("pinching");
  };
  for (const type of ["touchstart", "touchmove"]) {
    stage.addEventListener(type, /** @type {EventListener} */ (onTouch), {passive: false});
  }
  for (const type of ["touchend", "touchcancel"]) stage.addEventListener(type, onLift);
}
