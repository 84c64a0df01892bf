// Text for Plotly, which reads every text as its own small HTML: links, styles, line breaks and entities.
// A column's name, which may be anybody's, must reach the screen as it was written.

/** What Plotly shows as text: in titles, legends, labels of ticks, annotations and hover labels. */
const SHOWN = new Set([
  "title",
  "text",
  "name",
  "hovertext",
  "texttemplate",
  "ticktext",
  "tickprefix",
  "ticksuffix",
  "label",
  "labelalias",
]);

/**
 * Text that Plotly shows as it stands. An invisible character parts every sign that begins a tag or an entity from
 * what follows it: entities would do in the plane, but the 3-D view does not know them.
 * @param {string} text
 */
export function literal(text) {
  return text.replace(/[<&]/g, "$&\u2060");
}

/**
 * A template for hover labels, from lines that hold words and Plotly's own places for numbers, `%{x:.4~g}`.
 * @param {string[]} lines
 */
export const hoverLines = (lines) => `${lines.map(literal).join("<br>")}<extra>%{fullData.name}</extra>`;

/**
 * Traces or a layout in which every text that Plotly shows is literal; arrays of numbers are passed on, not copied.
 * @template Part
 * @param {Part} part
 * @returns {Part}
 */
export function literally(part) {
  return /** @type {Part} */ (inside(part, false));
}

/** @param {unknown} part @param {boolean} isShown @returns {unknown} */
function inside(part, isShown) {
  if (typeof part === "string") return isShown ? literal(part) : part;
  if (typeof part !== "object" || part === null || ArrayBuffer.isView(part)) return part;
  if (Array.isArray(part)) return typeof part[0] === "number" ? part : part.map((item) => inside(item, isShown));
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, inside(value, SHOWN.has(name))]));
}
