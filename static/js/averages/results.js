// What came out of one panel: a row an average, what is said of the one looked at, and the way into Adam.

import {fromTemplate, make, setAttribute, setChildren, setText, showFormula} from "../dom.js";
import {short} from "../numbers.js";
import {swatch} from "../swatch.js";
import {_} from "../words.js";

/** @typedef {import("./serieschart.js").Answer} Answer */

/**
 * The name of an average with the values in force.
 * @param {import("./serieschart.js").Average} average
 */
function nameOf({title, hyperparameters: {beta, debias, window}}) {
  if (beta === undefined) return `${title} · w ${short(Number(window))}`;
  return [title, `β ${short(Number(beta), 4)}`, ...(debias ? [_("corrected")] : [])].join(" · ");
}

/** @param {{page: import("../page.js").Page, onSelect: (average: number) => void}} options */
export function createResults({page, onSelect}) {
  const {element, part} = fromTemplate("results-template");
  const root = page.api.slice(0, page.api.lastIndexOf("/api/"));
  const seriesKey = /** @type {import("../declarations.js").ComponentKind} */ (
    page.keys.find(({name}) => name === "series")
  );
  /** @type {Map<number, HTMLElement[]>} by slot: button, name and the cells */
  const rows = new Map();

  /** @param {number} slot */
  function rowOf(slot) {
    let row = rows.get(slot);
    if (!row) {
      const name = make("span");
      const button = make(
        "button",
        {type: "button", onclick: () => onSelect(Number(button.value))},
        swatch(slot),
        name,
      );
      const cells = [1, 2, 3, 4, 5].map(() => make("td"));
      const head = make("th", {scope: "row"}, button);
      row = [make("tr", {}, head, ...cells), button, name, ...cells];
      rows.set(slot, row);
    }
    return row;
  }

  return {
    element,
    /**
     * @param {Answer} answer
     * @param {{slots: number[], series: string, frame: number, selected: number, letter: string}} shown
     */
    show(answer, {slots, series, frame, selected, letter}) {
      const {averages, observed} = answer;
      const now = Math.min(frame, observed.data.length - 1);
      for (const place of element.querySelectorAll(".panel-letter")) setText(place, letter);
      setText(part("title"), _("At step {step}", {step: now}));
      const called = [_("The averages at the step shown"), letter].filter(Boolean).join(": ");
      setAttribute(part("table"), "aria-label", called);
      setText(part("beta"), answer.sentence);
      averages.forEach((average, index) => {
        const [, button, name, value, start, window, stores, error] = rowOf(slots[index]);
        setText(name, nameOf(average));
        /** @type {HTMLButtonElement} */ (button).value = String(index);
        setAttribute(button, "aria-pressed", String(index === selected));
        setText(value, short(average.value.data[now], 4));
        setText(start, short(average.start_weight.data[now], 2));
        setText(window, short(average.window));
        setText(stores, String(average.stores));
        setText(error, short(average.error));
      });
      setChildren(
        part("rows"),
        slots.map((slot) => rowOf(slot)[0]),
      );
      const looked = averages[selected];
      setText(part("says"), looked.sentence);
      showFormula(part("formula"), `average/${looked.name}`);
      const {title, about} = seriesKey.entries[series];
      setText(part("series-title"), title);
      setText(part("series-about"), about);
      showFormula(part("series-formula"), `series/${series}`);
      setAttribute(part("adam"), "href", `${root}/descent?${answer.adam}`);
    },
  };
}
