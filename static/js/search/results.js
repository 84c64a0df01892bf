// What one search has found: what it tried, how well that did, what many like it do, and every run in a table.

import {fromTemplate, make, setAttribute, setChildren, setHidden, setText} from "../dom.js";
import {short} from "../numbers.js";
import {_} from "../words.js";
import {bestOf, sayValue} from "./panel.js";
import {calledOf, sayNumber} from "./span.js";

/** @typedef {import("./panel.js").Answer} Answer */

/** @param {string} name @param {string} text @param {boolean} [isHead] */
const lineOf = (name, text, isHead = false) =>
  make(
    "tr",
    {},
    make("th", {scope: "row", textContent: name}),
    make("td", {textContent: text, class: isHead ? "strong" : ""}),
  );

/** @param {import("./span.js").Range} range */
function decadesOf(range) {
  const {decades, scale} = range;
  const edge = (/** @type {number} */ value) => short(value, scale === "one_minus_log" ? 5 : 2);
  return make(
    "tr",
    {},
    make("th", {scope: "row", textContent: calledOf(range)}),
    make(
      "td",
      {},
      make(
        "ul",
        {class: "decades"},
        ...decades.map(([low, high, count]) => {
          const bar = make("i");
          bar.style.height = `${(count / Math.max(...decades.map((one) => one[2]), 1)) * 100}%`;
          const words = _("{low} to {high}: {count} runs", {low: edge(low), high: edge(high), count});
          return make(
            "li",
            {title: words},
            make("span", {class: "visually-hidden", textContent: words}),
            make("b", {textContent: String(count), aria: {hidden: "true"}}),
            make("span", {class: "bar", aria: {hidden: "true"}}, bar),
            make("small", {textContent: edge(low), aria: {hidden: "true"}}),
          );
        }),
      ),
    ),
  );
}

export function createResults() {
  const {element, part} = fromTemplate("results-template");
  /** @type {Answer | null} */
  let shown = null;

  /** @param {Answer} answer */
  function showRuns(answer) {
    const {samples} = answer;
    setText(part("across"), calledOf(answer.x));
    setText(part("upwards"), calledOf(answer.y));
    setText(part("sought"), answer.measure === "steps" ? _("steps") : _("final L"));
    setChildren(
      part("runs"),
      samples.x.map((x, at) =>
        make(
          "tr",
          {},
          make("th", {scope: "row", textContent: String(at + 1)}),
          ...[
            sayNumber(answer.x, x),
            sayNumber(answer.y, samples.y[at]),
            sayValue(answer, samples.value[at]),
            sayValue(answer, samples.best[at]),
          ].map((text) => make("td", {textContent: text})),
        ),
      ),
    );
  }
  part("all").addEventListener("toggle", () => {
    if (shown && part("all").open) showRuns(shown);
  });

  return {
    element,
    /** @param {Answer} answer @param {string} letter @param {boolean} isHidden */
    show(answer, letter, isHidden) {
      setHidden(element, isHidden);
      setText(part("letter"), letter);
      setHidden(part("letter"), !letter);
      setText(part("title"), answer.strategy.title);
      if (answer === shown) return;
      shown = answer;
      const {samples, bands, truth, x, y, seeds, budget} = answer;
      const at = bestOf(samples.value, samples.value.length);
      const last = (/** @type {import("./chart.js").Curve} */ curve) => sayValue(answer, curve[curve.length - 1]);
      const found =
        at < 0
          ? _("nothing: all runs have failed")
          : _("{value} in run {run}", {value: sayValue(answer, samples.value[at]), run: at + 1});
      const where = [x, y].map(
        (range, side) => `${calledOf(range)} = ${sayNumber(range, [samples.x, samples.y][side][at])}`,
      );
      const failed = samples.value.filter((value) => value === null).length;
      setChildren(part("rows"), [
        lineOf(_("best found"), found, true),
        ...(at < 0 ? [] : [lineOf(_("there"), where.join(", "))]),
        lineOf(
          _("tried"),
          _("{columns} values of {x}, {rows} of {y}", {
            columns: x.values,
            x: calledOf(x),
            rows: y.values,
            y: calledOf(y),
          }),
        ),
        lineOf(
          answer.measure === "steps" ? _("not reached") : _("failed"),
          _("{failed} of {tried} runs", {failed, tried: samples.value.length}),
        ),
        ...(seeds > 1
          ? [
              lineOf(_("median of {seeds} searches", {seeds}), last(bands.middle)),
              lineOf(_("10 % to 90 % of them"), `${last(bands.low)} … ${last(bands.high)}`),
            ]
          : []),
        lineOf(
          _("best of the map"),
          _("{value}, of {runs} runs", {
            value: sayValue(answer, truth.value),
            runs: (truth.side ** 2).toLocaleString("en"),
          }),
        ),
        ...[x, y].filter(({decades}) => decades.length > 1).map(decadesOf),
      ]);
      setChildren(
        part("notes"),
        answer.notes.map((note) => make("li", {textContent: note})),
      );
      setAttribute(
        part("table"),
        "aria-label",
        _("What {title} has found with {budget} runs", {title: answer.strategy.title, budget}),
      );
      setText(part("source"), answer.strategy.source);
      if (part("all").open) showRuns(answer);
    },
  };
}
