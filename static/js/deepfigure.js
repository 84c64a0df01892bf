// The surface in three dimensions, drawn by a part of Plotly that is loaded when it is asked for.

import {CONFIG} from "./figure.js";
import {finiteRows} from "./geometry.js";
import {literally} from "./plottext.js";
import {styleOf} from "./styles.js";

/**
 * @typedef {import("./figure.js").Sheet} Sheet
 * @typedef {import("./figure.js").Path} Path
 */

/**
 * What Plotly is given: the surface, and the paths up to a frame.
 * @param {Sheet} sheet
 * @param {Path[]} paths
 * @param {number} frame
 */
export function deepFigureOf({grid, ranges, axes, tokens, side, scale}, paths, frame) {
  const rowLength = grid.x.length;
  const z = Array.from({length: grid.y.length}, (_row, j) =>
    Array.prototype.slice.call(grid.loss, j * rowLength, (j + 1) * rowLength),
  );
  const top = Math.max(...z.flat().filter(Number.isFinite));
  const surface = {
    type: "surface",
    x: grid.x,
    y: grid.y,
    z,
    colorscale: [
      [0, tokens.contourLow],
      [1, tokens.contourHigh],
    ],
    showscale: false,
    opacity: 0.92,
    hoverinfo: "skip",
    contours: {z: {show: true, usecolormap: false, color: tokens.contourLine, width: 1}},
  };
  const lines = paths.map(({slot, title, params, loss}) => {
    const last = Math.min(finiteRows(params) - 1, frame);
    const rows = [];
    for (let row = 0; row <= last; row++) {
      const [x, y] = [params.data[2 * row], params.data[2 * row + 1]];
      if (x >= ranges[0] && x <= ranges[1] && y >= ranges[2] && y <= ranges[3]) rows.push(row);
    }
    return {
      type: "scatter3d",
      mode: "lines",
      name: title,
      x: rows.map((row) => params.data[2 * row]),
      y: rows.map((row) => params.data[2 * row + 1]),
      z: rows.map((row) => Math.min(loss.data[row], top)),
      line: {color: tokens.run(styleOf(slot).token), width: 6},
      showlegend: false,
    };
  });
  const axis = {color: tokens.quiet, gridcolor: tokens.rule, backgroundcolor: "rgba(0,0,0,0)", showspikes: false};
  const layout = {
    width: side,
    height: side,
    margin: {l: 0, r: 0, t: 0, b: 0},
    paper_bgcolor: "rgba(0,0,0,0)",
    font: {family: tokens.font, color: tokens.ink, size: 12 * scale},
    uirevision: "kept",
    scene: {
      xaxis: {...axis, title: {text: axes[0]}},
      yaxis: {...axis, title: {text: axes[1]}},
      zaxis: {...axis, title: {text: "L"}},
      camera: {eye: {x: -1.5, y: -1.5, z: 1.1}},
      aspectmode: "manual",
      aspectratio: {x: 1.15, y: 1.15, z: 0.8},
    },
  };
  return literally({data: [surface, ...lines], layout});
}

/**
 * Make the 3-D view of a panel; its part of Plotly is loaded now.
 * @param {HTMLElement} element
 */
export async function createDeepFigure(element) {
  const [{default: Plotly}, {default: traces}] = await Promise.all([
    import("../vendor/plotly/plotly.js"),
    import("../vendor/plotly/plotly-3d.js"),
  ]);
  Plotly.register(traces);
  return {
    /**
     * @param {Sheet} sheet
     * @param {Path[]} paths
     * @param {number} frame
     */
    async draw(sheet, paths, frame) {
      const {data, layout} = deepFigureOf(sheet, paths, frame);
      await Plotly.react(element, data, layout, CONFIG);
    },
    clear() {
      Plotly.purge(element);
    },
  };
}
