// What a batch costs and brings: a row a run, the batch on the screen, and how far gradients scatter.

import {fromTemplate, make, setAttribute, setChildren, setHidden, setText} from "../dom.js";
import {short} from "../numbers.js";
import {styleOf} from "../styles.js";
import {swatch} from "../swatch.js";
import {_} from "../words.js";
import {createNoiseChart} from "./noisechart.js";

/**
 * @typedef {import("../wire.js").Tensor} Tensor
 * @typedef {import("../server/types.js").BatchRun} Run
 * @typedef {import("../server/types.js").BatchesAnswer} Answer
 */

/** @param {{requestPaint: () => void}} events */
export function createResults({requestPaint}) {
  const {element, part} = fromTemplate("results-template");
  const chart = createNoiseChart(part("noise"));
  const region = /** @type {HTMLElement} */ (element.querySelector(".scroll"));
  const title = region.getAttribute("aria-label") ?? "";
  /** @type {unknown[]} */
  let painted = [];
  new ResizeObserver(([{contentRect}]) => {
    chart.resize(Math.floor(contentRect.width), Math.floor(contentRect.height));
    painted = [];
    requestPaint();
  }).observe(part("noise-box"));

  return {
    element,
    /**
     * Say what does not depend on the step.
     * @param {Answer} answer @param {number[]} slots @param {string} letter
     */
    show({n, parallel, runs, noise}, slots, letter) {
      setText(part("letter"), letter);
      setHidden(part("letter"), !letter);
      setAttribute(region, "aria-label", [title, letter].filter(Boolean).join(" "));
      setChildren(
        part("rows"),
        runs.map((run, at) => {
          const name = make("span", {class: "name"}, swatch(slots[at] ?? at), make("span", {textContent: run.title}));
          const head = make("th", {scope: "row"}, name);
          const numbers = [run.batch, run.updates_per_epoch, run.update_count, run.time_per_epoch];
          return make("tr", {}, head, ...numbers.map((value) => make("td", {textContent: value.toLocaleString("en")})));
        }),
      );
      setText(
        part("time-note"),
        _(
          "Time of an epoch, ⌈n/B⌉·⌈B/{parallel}⌉, in passes of a machine that takes {parallel} of the {n} rows at once.",
          {
            parallel: String(parallel),
            n: String(n),
          },
        ),
      );
      const words = _(
        "Line: σ/√B·√((n−B)/(n−1)), for rows drawn without replacement. Points: measured at the start over many shuffles.",
      );
      setText(part("noise-note"), words);
      const [first, last] = [0, noise.batch_sizes.data.length - 1].map((at) => short(noise.predicted.data[at]));
      setAttribute(
        part("noise"),
        "aria-label",
        _("Deviation of batch gradients {letter}: {first} for one row, {last} for all", {letter, first, last}),
      );
    },
    /** Say what the batch on the screen is. @param {import("./layer.js").Batch | null} batch */
    say(batch) {
      const words = batch
        ? _(
            "Rows in this batch: {size}. Their loss: {loss}. Length of their gradient: {length}; of all rows: {full}.",
            {
              size: String(batch.rows.shape[0]),
              loss: short(batch.batch_loss),
              length: short(Math.hypot(...batch.batch_gradient.data)),
              full: short(Math.hypot(...batch.gradient.data)),
            },
          )
        : "";
      setText(part("batch"), words);
    },
    /**
     * Draw the chart, if anything has changed.
     * @param {Answer} answer @param {number[]} slots @param {import("../tokens.js").Tokens} tokens @param {number} scale
     */
    paint(answer, slots, tokens, scale) {
      const now = [answer, tokens, scale, slots.join()];
      if (now.every((one, at) => one === painted[at])) return;
      painted = now;
      const batches = answer.runs.map(({batch}, at) => ({batch, color: tokens.run(styleOf(slots[at] ?? at).token)}));
      chart.paint(answer.noise, {batches, tokens, scale});
    },
  };
}
