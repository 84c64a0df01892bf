// How runs are told apart: each slot has its own color (Okabe and Ito, 2008), dash and marker.

/**
 * @typedef {"circle" | "square" | "diamond" | "triangle" | "cross" | "star" | "hexagon" | "bar"} Marker
 * @typedef {{token: string, dash: number[], marker: Marker}} RunStyle
 */

/** @type {RunStyle[]} */
export const STYLES = [
  {token: "--run-1", dash: [], marker: "circle"},
  {token: "--run-2", dash: [9, 4], marker: "square"},
  {token: "--run-3", dash: [2, 3], marker: "diamond"},
  {token: "--run-4", dash: [9, 3, 2, 3], marker: "triangle"},
  {token: "--run-5", dash: [14, 4], marker: "cross"},
  {token: "--run-6", dash: [5, 3], marker: "hexagon"},
  {token: "--run-7", dash: [14, 3, 2, 3, 2, 3], marker: "star"},
  {token: "--run-8", dash: [2, 6], marker: "bar"},
];

/**
 * The style of a slot.
 * @param {number | undefined} slot
 */
export function styleOf(slot = 0) {
  return STYLES[slot % STYLES.length];
}

/**
 * The outline of a marker around the origin, as x, y, x, y …; a circle has none.
 * @param {Marker} marker
 * @param {number} radius
 * @returns {number[]}
 */
export function outlineOf(marker, radius) {
  const corners = (/** @type {number} */ count, /** @type {number} */ turn, inner = 1) =>
    Array.from({length: count}, (_, index) => {
      const angle = turn + (2 * Math.PI * index) / count;
      const length = radius * (index % 2 ? inner : 1);
      return [length * Math.cos(angle), length * Math.sin(angle)];
    }).flat();
  const thin = radius * 0.36;
  const long = radius * 1.1;
  switch (marker) {
    case "square":
      return corners(4, Math.PI / 4).map((part) => part * 1.1);
    case "diamond":
      return corners(4, 0).map((part) => part * 1.2);
    case "triangle":
      return corners(3, -Math.PI / 2).map((part) => part * 1.2);
    case "hexagon":
      return corners(6, 0);
    case "star":
      return corners(10, -Math.PI / 2, 0.45).map((part) => part * 1.25);
    case "cross":
      // prettier-ignore
      return [-thin, -long, thin, -long, thin, -thin, long, -thin, long, thin, thin, thin,
        thin, long, -thin, long, -thin, thin, -long, thin, -long, -thin, -thin, -thin];
    case "bar":
      return [-thin, -long, thin, -long, thin, long, -thin, long];
    default:
      return [];
  }
}
