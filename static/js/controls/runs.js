// A list of components, runs of a race or averages of a series: each has its own values, and a color, dash and marker.

import {freeSlot, pick} from "../declarations.js";
import {freshId, make, setAttribute, setChildren, setHidden, setText} from "../dom.js";
import {familyOf, withForkOf, withoutRun, withRun} from "../forks.js";
import {short} from "../numbers.js";
import {forkSign, swatch} from "../swatch.js";
import {_} from "../words.js";
import {createComponent, entryOptions} from "./component.js";
import {setOptions} from "./simple.js";

/**
 * @typedef {import("../declarations.js").ComponentKind} ComponentKind
 * @typedef {import("../declarations.js").Picked} Picked
 * @typedef {import("../store.js").How} How
 * @typedef {{step: number, last: number}} Time the step on the screen, and the last one that there is
 */

/**
 * @param {ComponentKind} kind
 * @param {{change: (runs: Picked[], how: How) => void, complain: (message: string) => void,
 *   select: (run: number) => void, time: () => Time,
 *   grab?: (number: import("./number.js").NumberKind, run: number) => import("./number.js").Snap}} events
 * @param {{name?: string}} [options]
 */
export function createRuns(kind, {change, complain, select, time, grab}, {name = ""} = {}) {
  /** @type {Picked[]} */
  let shown = [];
  const list = make("ul", {class: "runs"});
  const add = make("select", {
    id: freshId(),
    aria: {label: [name, kind.adds].filter(Boolean).join(" ")},
    onchange() {
      if (add.value) change([...shown, {...pick(kind, add.value), slot: freeSlot(shown)}], "finished");
      add.value = "";
    },
  });
  setOptions(add, [{value: "", title: `+ ${kind.adds}`}, ...entryOptions(kind)]);
  const element = make("div", {class: "race"}, list, add);
  /** @type {Map<number, ReturnType<typeof createRun>>} by slot, so that an open one stays open */
  const rows = new Map();

  /** @param {number} slot */
  function createRun(slot) {
    const mine = () => shown.findIndex((run) => run.slot === slot);
    const editor = createComponent(
      kind,
      {
        change: (picked, how) => change(withRun(shown, mine(), {...picked, slot}), how),
        complain,
        grab: grab && ((number) => grab(number, mine())),
      },
      {name, title: kind.one},
    );
    const title = make("span", {class: "run-title"});
    const words = make("span", {class: "run-value"});
    const remove = make("button", {
      type: "button",
      class: "icon",
      textContent: "×",
      onclick: () => change(withoutRun(shown, mine()), "finished"),
    });
    const fork = make("button", {type: "button", class: "icon", onclick: () => forkHere(mine())}, forkSign());
    /** @type {() => void} */
    let showEditor = () => {};
    const details = make(
      "details",
      {ontoggle: () => showEditor()},
      make("summary", {}, swatch(slot), title, words),
      editor.element,
    );
    return {
      element: make("li", {}, details, fork, remove),
      /** @param {Picked} run @param {{[name: string]: any} | undefined} used */
      show(run, used) {
        const entry = kind.entries[run.name];
        setText(title, entry.title);
        // The number that matters most is declared first.
        const number = entry.parameters.find((parameter) => parameter.kind === "number");
        const value = number && used?.[number.name];
        const flags = entry.parameters.filter((parameter) => parameter.kind === "flag" && !parameter.default);
        const set = flags.filter((flag) => run.values[flag.name]).map((flag) => flag.title.toLowerCase());
        const numbers = typeof value === "number" ? [`${number?.symbol} ${short(value)}`] : [];
        setText(words, [...numbers, ...set].join(", "));
        const family = familyOf(shown, mine()).size;
        setHidden(remove, shown.length === family);
        const said = {title: entry.title};
        const removing = family > 1 ? _("Remove {title} and its forks", said) : _("Remove {title}", said);
        const forking = _("Fork {title} here: change its values from this step on", said);
        setHidden(fork, shown.length >= kind.most || !entry.parameters.some((parameter) => parameter.kind === "fork"));
        for (const name of ["aria-label", "title"]) {
          setAttribute(remove, name, removing);
          setAttribute(fork, name, forking);
        }
        // What is folded away is brought up to date when it is opened.
        showEditor = () => editor.show(run, {used});
        if (details.open) showEditor();
      },
      /** Open it, and go to its first value. */
      open() {
        details.open = true;
        showEditor();
        /** @type {HTMLElement | null} */ (details.querySelector("input[type=range]"))?.focus();
      },
    };
  }

  /** @param {number} index */
  function forkHere(index) {
    const {step, last} = time();
    if (step >= last) {
      return complain(_("At the last step there is nothing left to change: go back in time, then fork."));
    }
    const runs = withForkOf(shown, index, step);
    change(runs, "finished");
    select(runs.length - 1);
    rows.get(runs[runs.length - 1].slot ?? 0)?.open();
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
