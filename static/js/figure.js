// Plotly: axes, quiet contours and, at rest, the paths that can be hovered. Only this and the 3-D view touch it.

import {exitOf, finiteRows} from "./geometry.js";
import {hoverLines, literally} from "./plottext.js";
import {styleOf} from "./styles.js";
import {columnOf} from "./wire.js";
import {_} from "./words.js";

/**
 * @typedef {import("../vendor/plotly/plotly.js").PlotDiv} PlotDiv
 * @typedef {import("./geometry.js").Ranges} Ranges
 * @typedef {import("./tokens.js").Tokens} Tokens
 * @typedef {import("./levels.js").Levels} Levels
 * @typedef {{x: ArrayLike<number>, y: ArrayLike<number>, levels: Levels, loss: ArrayLike<number>}} Grid
 * @typedef {{grid: Grid, ranges: Ranges, axes: string[], isEqual: boolean, tokens: Tokens, side: number, scale: number}} Sheet
 * @typedef {{slot: number, title: string, params: import("./wire.js").Tensor, loss: import("./wire.js").Tensor}} Path
 */

const MARGIN = {l: 54, r: 10, t: 14, b: 50}; // both sums are equal: a square figure has a square plot
export const CONFIG = {
  showSendToCloud: false,
  displaylogo: false,
  displayModeBar: false,
  doubleClick: false,
  showTips: false,
  typesetMath: false, // a column's name may hold dollar signs
};

/**
 * Where the plot lies in a square figure.
 * @param {number} side
 * @param {number} scale
 * @returns {import("./geometry.js").Rect}
 */
export function plotRect(side, scale) {
  const width = side - (MARGIN.l + MARGIN.r) * scale;
  return {left: MARGIN.l * scale, top: MARGIN.t * scale, width, height: width};
}

/** @param {Sheet} sheet @returns {object} */
function contourOf({grid: {x, y, levels}, tokens}) {
  const {z, low, high, step} = levels;
  return {
    type: "contour",
    x,
    y,
    z: {dtype: "f4", bdata: bytesOf(z), shape: `${y.length},${x.length}`},
    zauto: false,
    zmin: low - step,
    zmax: high,
    autocontour: false,
    contours: {start: low, end: high, size: step, coloring: "fill", showlines: true},
    colorscale: [
      [0, tokens.contourLow],
      [1, tokens.contourHigh],
    ],
    line: {width: 0.6, color: tokens.contourLine, smoothing: 0.5},
    showscale: false,
    hoverinfo: "skip",
  };
}

/** @param {Float32Array} values Plotly takes a matrix of typed values only in this form. */
function bytesOf(values) {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let text = "";
  for (let start = 0; start < bytes.length; start += 8192) {
    text += String.fromCharCode(...bytes.subarray(start, start + 8192));
  }
  return btoa(text);
}

/**
 * The paths at rest: faint, and what can be hovered. What is bold is drawn above.
 * @param {Path[]} paths
 * @param {Sheet} sheet
 */
function tracesOf(paths, {tokens, ranges}) {
  return paths.map(({slot, title, params, loss}) => {
    const {token, dash} = styleOf(slot);
    // A path that is gone for good ends where it left the view.
    const rows = Math.min(finiteRows(params), 1 + (exitOf(params, params.shape[0] - 1, ranges)?.step ?? Infinity));
    return {
      type: "scatter",
      mode: "lines",
      x: columnOf(params, 0, rows),
      y: columnOf(params, 1, rows),
      customdata: loss.data.slice(0, rows),
      name: title,
      line: {color: tokens.run(token), width: 1.5, dash: dash.map((part) => `${part}px`).join(",") || "solid"},
      opacity: 0.38,
      showlegend: false,
      hovertemplate: hoverLines([`${_("step")} %{pointNumber}`, "x %{x:.4~g}", "y %{y:.4~g}", "L %{customdata:.4~g}"]),
    };
  });
}

/** @param {Sheet} sheet @param {boolean} isCoarse */
function layoutOf({ranges: [x0, x1, y0, y1], axes, isEqual, tokens, side, scale}, isCoarse) {
  const axis = {
    showgrid: false,
    zeroline: false,
    ticks: "outside",
    ticklen: 4,
    tickcolor: tokens.rule,
    linecolor: tokens.rule,
    showline: true,
    mirror: true,
    nticks: 7,
    tickfont: {color: tokens.quiet, size: 12 * scale},
    exponentformat: "power",
    minexponent: 4,
  };
  const title = (/** @type {string} */ text) => ({text, standoff: 6, font: {color: tokens.ink, size: 13.5 * scale}});
  return {
    width: side,
    height: side,
    autosize: false,
    margin: Object.fromEntries(Object.entries(MARGIN).map(([edge, size]) => [edge, size * scale])),
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: {family: tokens.font, color: tokens.ink},
    hoverlabel: {
      bgcolor: tokens.paper,
      bordercolor: tokens.rule,
      font: {family: tokens.font, color: tokens.ink, size: 13 * scale},
    },
    hovermode: "closest",
    hoverdistance: 12,
    dragmode: isCoarse ? false : "pan",
    showlegend: false,
    uirevision: `${x0},${x1},${y0},${y1}`, // the ranges come from the store alone
    xaxis: {...axis, range: [x0, x1], title: title(axes[0])},
    yaxis: {...axis, range: [y0, y1], title: title(axes[1]), ...(isEqual && {scaleanchor: "x", constrain: "range"})},
  };
}

/**
 * What Plotly is given.
 * @param {Sheet} sheet
 * @param {Path[]} paths
 * @param {{isCoarse?: boolean}} [options] a finger points, which scrolls the page and does not drag the plot
 */
export const figureOf = (sheet, paths, {isCoarse = false} = {}) =>
  literally({data: [contourOf(sheet), ...tracesOf(paths, sheet)], layout: layoutOf(sheet, isCoarse)});

/**
 * Make the plot of a panel.
 * @param {HTMLElement} element
 * @param {{onZooming: (ranges: Ranges) => void, onZoomed: (ranges: Ranges) => void}} events
 */
export async function createFigure(element, {onZooming, onZoomed}) {
  const {default: Plotly} = await import("../vendor/plotly/plotly.js");
  const plot = /** @type {PlotDiv} */ (element);
  let isMade = false;

  /** @param {any} event @returns {Ranges | null} */
  const rangesOf = (event) => {
    if (!Object.keys(event).some((name) => name.includes(".range"))) return null;
    const {xaxis, yaxis} = plot._fullLayout;
    return [...xaxis.range, ...yaxis.range];
  };
  return {
    /**
     * Draw axes, contours and the paths at rest.
     * @param {Sheet} sheet
     * @param {Path[]} paths
     */
    async draw(sheet, paths) {
      const {data, layout} = figureOf(sheet, paths, {isCoarse: matchMedia("(pointer: coarse)").matches});
      // Plotly.animate without redraw would move the paths alone, but takes the contours away (plotly.js 4.1).
      await Plotly.react(plot, data, layout, {...CONFIG, scrollZoom: true});
      if (isMade) return;
      isMade = true;
      plot.on("plotly_relayouting", (event) => {
        const ranges = rangesOf(event);
        if (ranges) onZooming(ranges);
      });
      plot.on("plotly_relayout", (event) => {
        const ranges = rangesOf(event);
        if (ranges) onZoomed(ranges);
      });
    },
    /** Look at another part of what is drawn. @param {Ranges} ranges */
    async look([x0, x1, y0, y1]) {
      await Plotly.relayout(plot, {"xaxis.range": [x0, x1], "yaxis.range": [y0, y1]});
    },
    /** @returns {boolean} whether there is anything to move over */
    get isMade() {
      return isMade;
    },
  };
}
