// How kinds of critical points are told apart: each has its own shape and color, on the plot, in the legend and in lists.

import {outlineOf} from "../styles.js";
import {_} from "../words.js";

/**
 * @typedef {"minimum" | "maximum" | "saddle" | "degenerate"} Kind
 * @typedef {{token: string, marker: import("../styles.js").Marker}} KindStyle
 */

/** @type {{[kind in Kind]: KindStyle}} */
export const KINDS = {
  minimum: {token: "--run-3", marker: "circle"},
  maximum: {token: "--run-2", marker: "triangle"},
  saddle: {token: "--run-1", marker: "cross"},
  degenerate: {token: "--run-4", marker: "square"},
};

/** @param {Kind} kind @param {number} count */
export function titleOf(kind, count) {
  if (kind === "minimum") return count === 1 ? _("minimum") : _("minima");
  if (kind === "maximum") return count === 1 ? _("maximum") : _("maxima");
  if (kind === "saddle") return count === 1 ? _("saddle") : _("saddles");
  return _("degenerate");
}

const SVG = "http://www.w3.org/2000/svg";

/** A small picture of a kind's marker; the text beside it says the same. @param {Kind} kind */
export function iconOf(kind) {
  const {token, marker} = KINDS[kind];
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("viewBox", "-8 -8 16 16");
  icon.setAttribute("class", "kind-icon");
  icon.setAttribute("aria-hidden", "true");
  const outline = outlineOf(marker, 6);
  const shape = document.createElementNS(SVG, outline.length ? "polygon" : "circle");
  if (outline.length) shape.setAttribute("points", outline.join(" "));
  else shape.setAttribute("r", "6");
  shape.setAttribute("fill", `var(${token})`);
  icon.append(shape);
  return icon;
}
