// The start point on the plot: dragged, moved by arrow keys, or set by a click on the plot.

import {isInside, projection, roundTo} from "./geometry.js";
import {short} from "./numbers.js";
import {_} from "./words.js";

const CLICK_PX = 4; // a press that moves farther is a drag of the plot

const sayStart = (/** @type {string} */ x, /** @type {string} */ y) =>
  _("Start at x = {x}, y = {y}; arrow keys move it", {x, y});

/**
 * @typedef {import("./geometry.js").Ranges} Ranges
 * @typedef {import("./geometry.js").Rect} Rect
 * @param {{handle: HTMLButtonElement, stage: HTMLElement, where: () => {ranges: Ranges, rect: Rect} | null,
 *   onMove: (start: [number, number], isFinished: boolean) => void,
 *   say?: (x: string, y: string) => string}} options `say`: what the handle is, for who does not see it
 */
export function createStartHandle({handle, stage, where, onMove, say = sayStart}) {
  /** @type {[number, number]} */
  let start = [0, 0];

  /** @param {PointerEvent} event @param {boolean} isFinished */
  function moveTo(event, isFinished) {
    const place = where();
    if (!place) return;
    const box = stage.getBoundingClientRect();
    const at = projection(place.ranges, place.rect);
    const {left, top, width, height} = place.rect;
    const x = Math.min(Math.max(event.clientX - box.left, left), left + width);
    const y = Math.min(Math.max(event.clientY - box.top, top), top + height);
    const [x0, x1, y0, y1] = place.ranges;
    onMove([roundTo([at.fromX(x)], x1 - x0)[0], roundTo([at.fromY(y)], y1 - y0)[0]], isFinished);
  }

  handle.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    handle.focus({preventScroll: true});
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointermove", (event) => {
    if (handle.hasPointerCapture(event.pointerId)) moveTo(event, false);
  });
  handle.addEventListener("pointerup", (event) => {
    if (handle.hasPointerCapture(event.pointerId)) moveTo(event, true);
  });
  handle.addEventListener("keydown", (event) => {
    const direction = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1]}[event.key];
    const place = where();
    if (!direction || !place || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const [x0, x1, y0, y1] = place.ranges;
    const share = event.shiftKey ? 0.1 : 0.01;
    const x = start[0] + direction[0] * share * (x1 - x0);
    const y = start[1] + direction[1] * share * (y1 - y0);
    onMove([roundTo([x], x1 - x0)[0], roundTo([y], y1 - y0)[0]], true);
  });

  // Plotly keeps the press to itself, so the click is told from its two ends.
  /** @type {PointerEvent | null} */
  let pressed = null;
  stage.addEventListener(
    "pointerdown",
    (event) => {
      // A second finger is a pinch.
      pressed = event.isPrimary && event.button === 0 && event.target !== handle && isOnPlot(event) ? event : null;
    },
    {capture: true},
  );
  addEventListener("pointerup", (event) => {
    const isClick =
      pressed?.pointerId === event.pointerId &&
      Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY) < CLICK_PX;
    pressed = null;
    if (isClick) moveTo(event, true);
  });
  addEventListener("pointercancel", () => (pressed = null));

  /** @param {PointerEvent} event */
  function isOnPlot(event) {
    const place = where();
    if (!place || /** @type {Element} */ (event.target).closest("button, .deep")) return false;
    const box = stage.getBoundingClientRect();
    const {left, top, width, height} = place.rect;
    return isInside([left, left + width, top, top + height], event.clientX - box.left, event.clientY - box.top);
  }

  let shown = "";
  return {
    /** @param {[number, number]} newStart @param {boolean} isAway */
    show(newStart, isAway) {
      start = newStart;
      const place = where();
      if (!place) return;
      const at = projection(place.ranges, place.rect);
      const isSeen = !isAway && isInside(place.ranges, ...start);
      const text = `translate(${at.x(start[0]).toFixed(1)}px, ${at.y(start[1]).toFixed(1)}px)`;
      if (text === shown && handle.hidden !== isSeen) return;
      shown = text;
      handle.hidden = !isSeen;
      handle.style.transform = text;
      const [x, y] = start.map((part) => short(part, 4));
      handle.setAttribute("aria-label", say(x, y));
    },
  };
}
