// The race: who runs, each with its own values, in the color, dash and marker that the plots use.

import {freeSlot, pick} from "../declarations.js";
import {freshId, make, setAttribute, setChildren, setHidden, setText} from "../dom.js";
import {short} from "../numbers.js";
import {swatch} from "../swatch.js";
import {_} from "../words.js";
import {createComponent, entryOptions} from "./component.js";
import {setOptions} from "./simple.js";

/**
 * @typedef {import("../declarations.js").ComponentKind} ComponentKind
 * @typedef {import("../declarations.js").Picked} Picked
 * @typedef {import("../store.js").How} How
 */

/**
 * @param {ComponentKind} kind
 * @param {{change: (runs: Picked[], how: How) => void, complain: (message: string) => void}} events
 * @param {{name?: string}} [options]
 */
export function createRuns(kind, {change, complain}, {name = ""} = {}) {
  /** @type {Picked[]} */
  let shown = [];
  const list = make("ul", {class: "runs"});
  const add = make("select", {
    id: freshId(),
    aria: {label: [name, _("Add an optimizer")].filter(Boolean).join(" ")},
    onchange() {
      if (add.value) change([...shown, {...pick(kind, add.value), slot: freeSlot(shown)}], "finished");
      add.value = "";
    },
  });
  setOptions(add, [{value: "", title: _("+ Add an optimizer")}, ...entryOptions(kind)]);
  const element = make("div", {class: "race"}, list, add);
  /** @type {Map<number, ReturnType<typeof createRun>>} by slot, so that an open one stays open */
  const rows = new Map();

  /** @param {number} slot */
  function createRun(slot) {
    const mine = () => shown.findIndex((run) => run.slot === slot);
    const editor = createComponent(
      kind,
      {
        change: (picked, how) =>
          change(
            shown.map((run, index) => (index === mine() ? {...picked, slot} : run)),
            how,
          ),
        complain,
      },
      {name, title: _("Optimizer")},
    );
    const title = make("span", {class: "run-title"});
    const value = make("span", {class: "run-value"});
    const remove = make("button", {
      type: "button",
      class: "icon",
      textContent: "×",
      onclick: () => change(shown.toSpliced(mine(), 1), "finished"),
    });
    /** @type {() => void} */
    let showEditor = () => {};
    const details = make(
      "details",
      {ontoggle: () => showEditor()},
      make("summary", {}, swatch(slot), title, value),
      editor.element,
    );
    return {
      element: make("li", {}, details, remove),
      /** @param {Picked} run @param {{[name: string]: any} | undefined} used */
      show(run, used) {
        const entry = kind.entries[run.name];
        setText(title, entry.title);
        const rate = used?.learning_rate;
        setText(value, typeof rate === "number" ? `η ${short(rate)}` : "");
        setHidden(remove, shown.length === 1);
        for (const name of ["aria-label", "title"])
          setAttribute(remove, name, _("Remove {title}", {title: entry.title}));
        // What is folded away is brought up to date when it is opened.
        showEditor = () => editor.show(run, {used});
        if (details.open) showEditor();
      },
    };
  }

  return {
    element,
    /** @param {Picked[]} runs @param {({[name: string]: any} | undefined)[]} used the values in force, by run */
    show(runs, used) {
      shown = runs;
      const slots = runs.map(({slot = 0}) => slot);
      for (const slot of slots) if (!rows.has(slot)) rows.set(slot, createRun(slot));
      for (const slot of rows.keys()) if (!slots.includes(slot)) rows.delete(slot);
      const elements = slots.map((slot) => /** @type {ReturnType<typeof createRun>} */ (rows.get(slot)).element);
      setChildren(list, elements);
      runs.forEach((run, index) => rows.get(slots[index])?.show(run, used[index]));
      setHidden(add, runs.length >= kind.most);
    },
  };
}
