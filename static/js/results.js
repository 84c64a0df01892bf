// What came out: the names of the panels, their runs as chips, and one sentence a run.

import {make, setAttribute, setChildren, setText} from "./dom.js";
import {sayPicked, sayValue} from "./controls/groups.js";
import {valuesOf} from "./grammar.js";
import {swatch} from "./swatch.js";
import {_} from "./words.js";

/**
 * @typedef {import("./page.js").State} State
 * @typedef {import("./panel.js").Panel} Panel
 */

const MOST_NOTES = 40; // kept for when they come back

/**
 * @param {import("./page.js").Page} page
 * @param {{onSelect: (run: number) => void}} events
 */
export function createResults(page, {onSelect}) {
  const runKey = page.keys.find((key) => key.name === "run");
  const list = /** @type {HTMLElement} */ (document.getElementById("outcome-list"));
  /** @type {Map<string, {element: HTMLElement, button: HTMLButtonElement, title: HTMLElement, words: HTMLElement}>} */
  const lines = new Map();
  /** @type {Map<string, HTMLButtonElement>} */
  const chips = new Map();
  /** @type {Map<string, HTMLElement>} */
  const notes = new Map();

  /** @param {string} name @param {number} slot @param {number} run */
  function chipOf(name, slot, run) {
    let chip = chips.get(name);
    if (!chip) {
      chip = make("button", {type: "button", class: "chip"}, swatch(slot), make("span"));
      chips.set(name, chip);
    }
    chip.onclick = () => onSelect(run);
    return chip;
  }

  /** @param {string} name @param {number} slot @param {string} letter */
  function lineOf(name, slot, letter) {
    let line = lines.get(name);
    if (!line) {
      const title = make("strong");
      const words = make("span");
      const parts = [swatch(slot), ...(letter ? [make("span", {class: "panel-letter", textContent: letter})] : [])];
      const button = make("button", {type: "button"}, ...parts, make("span", {}, title, " ", words));
      line = {element: make("li", {}, button), button, title, words};
      lines.set(name, line);
    }
    return line;
  }

  /** @param {string} name @param {string} text @param {string} letter */
  function noteOf(name, text, letter) {
    let note = notes.get(name);
    if (!note) {
      const sign = make("span", {class: "panel-letter", textContent: letter});
      note = make("li", {class: "note"}, sign, make("span", {textContent: text}));
      if (notes.size > MOST_NOTES) notes.clear();
      notes.set(name, note);
    }
    return note;
  }

  return {
    /** @param {State} state @param {Panel[]} panels */
    show(state, panels) {
      /** @type {HTMLElement[]} */
      const elements = [];
      panels.forEach((panel, index) => {
        const {answer} = panel;
        const isPair = panels.length > 1;
        const differing = page.keys.filter((key) => key.name in state.vs && key.group && key.name !== "start");
        const shown = differing.length ? differing : page.keys.filter((key) => key.name in state.vs && key.group);
        const name = shown.map((key) => sayValue(key, valuesOf(state, index)[key.name])).join(" · ");
        setText(panel.part("letter"), isPair ? "AB"[index] : "");
        setText(panel.part("name"), isPair ? name : (answer?.surface.title ?? ""));
        const runs = answer?.runs ?? [];
        // Two runs of one optimizer are told apart by what was set.
        const titles = runs.map((run, at) => {
          const isAlone = runs.filter((other) => other.optimizer === run.optimizer).length === 1;
          return isAlone || !panel.runs[at] || runKey?.kind !== "component"
            ? run.title
            : sayPicked(runKey, panel.runs[at]);
        });
        setChildren(
          panel.part("chips"),
          runs.map((run, at) => {
            const slot = panel.runs[at]?.slot ?? at;
            const chip = chipOf(`${index}/${slot}`, slot, at);
            setText(/** @type {Element} */ (chip.lastElementChild), titles[at]);
            if (chip.title !== run.sentence) chip.title = run.sentence;
            setAttribute(chip, "aria-pressed", String(at === state.selected));
            return chip;
          }),
        );
        const letter = isPair ? "AB"[index] : "";
        for (const [at, run] of runs.entries()) {
          const slot = panel.runs[at]?.slot ?? at;
          const line = lineOf(`${letter}/${slot}`, slot, letter);
          setText(line.title, titles[at]);
          line.button.onclick = () => onSelect(at);
          setAttribute(line.button, "aria-pressed", String(at === state.selected && runs.length > 1));
          setText(line.words, run.sentence);
          line.element.dataset.outcome = run.outcome;
          elements.push(line.element);
        }
        for (const note of panel.notes) elements.push(noteOf(`${letter}/${note}`, note, letter));
        panel.describe(() =>
          _("{surface}. {takeaway}. {runs}.", {
            surface: [letter, name, answer?.surface.title].filter(Boolean).join(", "),
            takeaway: answer?.takeaway ?? "",
            runs: runs.map((run, at) => `${titles[at]}: ${run.sentence}`).join(". "),
          }),
        );
      });
      setChildren(list, elements);
    },
  };
}
