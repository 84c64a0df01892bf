// The sign of a run: a short line with its color and dash, and its marker on it.

import {outlineOf, styleOf} from "./styles.js";

const SPACE = "http://www.w3.org/2000/svg";

/** @param {string} tag @param {{[name: string]: string | number}} attributes */
function svg(tag, attributes) {
  const element = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/** The sign of a fork: one way that becomes two. @returns {SVGElement} */
export function forkSign() {
  const element = /** @type {SVGElement} */ (svg("svg", {viewBox: "0 0 24 24", "aria-hidden": "true"}));
  element.append(svg("path", {d: "M4 12h6c6 0 4-6 10-6M10 12c6 0 4 6 10 6M17 3l3 3-3 3M17 15l3 3-3 3"}));
  return element;
}

/** The sign of a fan: many ways from one point. @returns {SVGElement} */
export function fanSign() {
  const element = /** @type {SVGElement} */ (svg("svg", {viewBox: "0 0 24 24", "aria-hidden": "true"}));
  element.append(svg("path", {d: "M4 20L7 3M4 20L14 4.5M4 20L19.5 10M4 20L21 17"}));
  return element;
}

/**
 * @param {number} slot
 * @returns {SVGElement}
 */
export function swatch(slot) {
  const {token, dash, marker} = styleOf(slot);
  const element = /** @type {SVGElement} */ (
    svg("svg", {class: "swatch", viewBox: "-15 -7 30 14", "aria-hidden": "true"})
  );
  element.style.setProperty("color", `var(${token})`);
  const line = {x1: -15, x2: 15, y1: 0, y2: 0, stroke: "currentColor", "stroke-width": 2.2};
  element.append(svg("line", {...line, "stroke-dasharray": dash.map((part) => part * 0.8).join(" ")}));
  const look = {fill: "currentColor", stroke: "var(--paper)", "stroke-width": 1.2};
  const outline = outlineOf(marker, 4.8);
  element.append(
    outline.length
      ? svg("polygon", {...look, points: outline.map((part) => part.toFixed(2)).join(" ")})
      : svg("circle", {...look, r: 4.8}),
  );
  return element;
}
