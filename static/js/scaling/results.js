// What scaling has done to the rows of one panel: a table of all scalers, weights in both units, the rows in numbers.

import {fromTemplate, make, setAttribute, setChildren, setHidden, setText, showFormula} from "../dom.js";
import {short} from "../numbers.js";
import {_} from "../words.js";

/**
 * @typedef {import("../wire.js").Tensor} Tensor
 * @typedef {import("../server/types.js").FeatureSummary} Summary
 * @typedef {import("../server/types.js").ScalerRow} ScalerRow
 * @typedef {import("../server/types.js").ScalingAnswer} Answer
 */

/** A condition number, or that there is none. @param {number | null} value */
const sayKappa = (value) => (value === null ? "∞" : short(value));

const MOST = 3.4e38; // what the 32 bits of an answer's arrays hold

/**
 * A number of a path, which may have run away: what does not fit into 32 bits is beyond them, but not infinite.
 * @param {number} value
 */
function sayValue(value) {
  if (value === Infinity) return _("over {most}", {most: short(MOST, 2)});
  if (value === -Infinity) return _("below −{most}", {most: short(MOST, 2)});
  return short(value, 4);
}

/** @param {string} title @param {string[]} texts */
const rowOf = (title, texts) =>
  make(
    "tr",
    {},
    make("th", {scope: "row", textContent: title}),
    ...texts.map((textContent) => make("td", {textContent})),
  );

/** @param {{onScaler: (name: string) => void}} events */
export function createResults({onScaler}) {
  const {element, part} = fromTemplate("results-template");
  const regions = [...element.querySelectorAll(".scroll")].map((region) => ({
    region,
    title: region.getAttribute("aria-label") ?? "",
  }));
  /** @type {Map<string, {row: HTMLElement, button: HTMLButtonElement, cells: HTMLElement[]}>} */
  const scalers = new Map();

  /** @param {ScalerRow} one */
  function scalerOf({name, title}) {
    let known = scalers.get(name);
    if (!known) {
      const button = make("button", {type: "button", textContent: title, onclick: () => onScaler(name)});
      const cells = [0, 1, 2, 3].map(() => make("td"));
      known = {row: make("tr", {}, make("th", {scope: "row"}, button), ...cells), button, cells};
      scalers.set(name, known);
    }
    return known;
  }

  return {
    element,
    /**
     * Say what does not depend on the step.
     * @param {Answer} answer
     * @param {string} scaler the one in force
     * @param {string} letter
     */
    show({scalers: all, leak, summaries, data}, scaler, letter) {
      setText(part("letter"), letter);
      setHidden(part("letter"), !letter);
      for (const {region, title} of regions)
        setAttribute(region, "aria-label", [title, letter].filter(Boolean).join(" "));
      const hasOutlier = data.has_outlier;
      setHidden(part("kappa-without"), !hasOutlier);
      setText(part("spread-title"), hasOutlier ? _("σ of the others") : _("σ of x₁, x₂"));
      setChildren(
        part("scalers"),
        all.map((one) => {
          const {row, button, cells} = scalerOf(one);
          setText(cells[0], sayKappa(one.kappa));
          setText(cells[1], one.max_learning_rate === null ? "∞" : short(one.max_learning_rate));
          setText(cells[2], sayKappa(one.kappa_without_outlier));
          setHidden(cells[2], !hasOutlier);
          setText(cells[3], one.spread.map((value) => short(value, 2)).join(", "));
          setAttribute(button, "aria-pressed", String(one.name === scaler));
          return row;
        }),
      );
      showFormula(part("formula"), `scaler/${scaler}`);
      setText(part("leak"), leak);
      setText(part("name1"), data.names[0]);
      setText(part("name2"), data.names[1]);
      const titles = {train: _("train"), test: _("test")};
      const rows = summaries.flatMap(({rows: which, raw, scaled}) =>
        /** @type {[string, Summary][]} */ ([
          [_("{rows}, raw", {rows: titles[which]}), raw],
          [_("{rows}, as scaled", {rows: titles[which]}), scaled],
        ]).map(([title, {count, mean, deviation}]) =>
          rowOf(title, [String(count), ...[0, 1].map((at) => `${short(mean[at])} ± ${short(deviation[at])}`)]),
        ),
      );
      part("summaries").replaceChildren(...rows);
    },
    /**
     * Say the weights at a step, and at the minimum.
     * @param {Answer} answer @param {number} frame @param {number} selected
     */
    paint({fitted, runs}, frame, selected) {
      const run = runs[selected] ?? runs[0];
      const at = Math.min(frame, run.weights.shape[0] - 1);
      const textsOf = (/** @type {Tensor} */ {data}) => [0, 1, 2].map((part) => sayValue(data[3 * at + part]));
      const minimum = fitted.weights.map((value) => short(value, 4));
      part("weights").replaceChildren(
        rowOf(_("as scaled, step {step}", {step: String(at)}), textsOf(run.weights)),
        rowOf(_("as scaled, minimum"), minimum),
        ...(run.raw_weights && fitted.raw_weights
          ? [
              rowOf(_("raw units, step {step}", {step: String(at)}), textsOf(run.raw_weights)),
              rowOf(
                _("raw units, minimum"),
                fitted.raw_weights.map((value) => short(value, 4)),
              ),
            ]
          : []),
      );
      setHidden(part("no-raw"), run.raw_weights !== null);
      setText(part("loss-step"), _("step {step}", {step: String(at)}));
      setHidden(part("no-test"), fitted.test_loss !== null);
      part("losses").replaceChildren(
        rowOf(_("train"), [sayValue(run.loss.data[at]), sayValue(fitted.train_loss)]),
        ...(run.test_loss && fitted.test_loss !== null
          ? [rowOf(_("test"), [sayValue(run.test_loss.data[at]), sayValue(fitted.test_loss)])]
          : []),
      );
    },
  };
}
