// The other plain controls: choices, yes or no, and several numbers side by side.

import {label} from "../declarations.js";
import {freshId, make, setChildren, setHidden} from "../dom.js";
import {readNumber} from "../numbers.js";
import {_} from "../words.js";
import {helpFor} from "./help.js";

/**
 * @typedef {import("../store.js").How} How
 * @typedef {import("../declarations.js").Scalar} Scalar
 */

/**
 * Fill a select, with headings where the options have families.
 * @param {HTMLSelectElement} select
 * @param {{value: string, title: string, family?: string}[]} options
 */
export function setOptions(select, options) {
  /** @type {Map<string, HTMLElement>} */
  const families = new Map();
  const children = [];
  for (const {value, title, family} of options) {
    const option = make("option", {value, textContent: title});
    if (!family) {
      children.push(option);
      continue;
    }
    const group = families.get(family) ?? make("optgroup", {label: family});
    if (!families.has(family)) children.push(group);
    families.set(family, group);
    group.append(option);
  }
  setChildren(select, children);
}

/**
 * @param {{title: string, symbol?: string, help?: string}} choice
 * @param {(value: string, how: How) => void} change
 * @param {{name?: string}} [options]
 */
export function createChoice(choice, change, {name = ""} = {}) {
  const id = freshId();
  const select = make("select", {id, onchange: () => change(select.value, "finished")});
  if (name) select.setAttribute("aria-label", label({title: `${name} ${choice.title}`, symbol: choice.symbol}));
  const help = helpFor(choice);
  const words = make(
    "label",
    {htmlFor: id},
    choice.title,
    " ",
    make("span", {class: "math", textContent: choice.symbol ?? ""}),
  );
  const line = make("div", {class: "line"}, words, ...help.buttons, select);
  const element = make("div", {class: "control choice"}, line, ...help.texts);
  let known = "";
  return {
    element,
    select,
    /**
     * @param {string} value
     * @param {{value: string, title: string, family?: string}[]} options
     */
    show(value, options) {
      const all = JSON.stringify(options);
      if (all !== known) {
        known = all;
        setOptions(select, options);
      }
      if (select.value !== value) select.value = value;
    },
  };
}

/**
 * @param {import("../declarations.js").FlagKind} flag
 * @param {(value: boolean, how: How) => void} change
 * @param {{name?: string}} [options]
 */
export function createFlag(flag, change, {name = ""} = {}) {
  const id = freshId();
  const box = make("input", {type: "checkbox", id, onchange: () => change(box.checked, "finished")});
  if (name) box.setAttribute("aria-label", `${name} ${flag.title}`);
  const help = helpFor(flag);
  const line = make(
    "div",
    {class: "line"},
    make("label", {htmlFor: id, textContent: label(flag)}),
    ...help.buttons,
    box,
  );
  return {
    element: make("div", {class: "control flag"}, line, ...help.texts),
    /** @param {boolean} value */
    show(value) {
      box.checked = value;
    },
  };
}

/**
 * @param {import("../declarations.js").NumbersKind} numbers
 * @param {{change: (value: number[] | null, how: How) => void, complain: (message: string) => void}} events
 * @param {{name?: string}} [options]
 */
export function createNumbers(numbers, {change, complain}, {name = ""} = {}) {
  const title = [name, numbers.title].filter(Boolean).join(" ");
  /** @type {number[]} */
  let shown = [];
  const fields = numbers.parts.map((part, index) =>
    make("input", {
      type: "text",
      inputMode: "decimal",
      class: "number-field",
      autocomplete: "off",
      aria: {label: `${title} ${part}`},
      onchange() {
        const value = readNumber(fields[index].value);
        if (value === null || value < numbers.low || value > numbers.high) {
          const range = {title: `${title} ${part}`, low: numbers.low, high: numbers.high};
          complain(
            _("{title} must be between {low} and {high}, got '{value}'", {...range, value: fields[index].value}),
          );
          fields[index].value = String(shown[index]);
          return;
        }
        change(
          fields.map((_field, at) => (at === index ? value : (shown[at] ?? 0))),
          "finished",
        );
      },
    }),
  );
  const release = make("button", {
    type: "button",
    class: "release",
    textContent: "×",
    title: _("back to automatic"),
    aria: {label: _("{title}: back to automatic", {title})},
    onclick: () => change(null, "finished"),
  });
  const help = helpFor(numbers);
  const words = make(
    "span",
    {class: "label"},
    numbers.title,
    " ",
    make("span", {class: "math", textContent: numbers.symbol}),
  );
  const line = make(
    "div",
    {class: "line", role: "group", aria: {label: title}},
    words,
    ...help.buttons,
    release,
    ...fields,
  );
  return {
    element: make("div", {class: "control numbers"}, line, ...help.texts),
    /** @param {number[] | null} value @param {number[]} effective The values in force where the own ones are null */
    show(value, effective) {
      shown = value ?? effective;
      fields.forEach((field, index) => {
        const text = shown[index] === undefined ? "" : String(Number(shown[index].toPrecision(6)));
        if (field.value !== text && document.activeElement !== field) field.value = text;
      });
      setHidden(release, value === null);
    },
  };
}
