// A number: its name, a slider, and a field that takes what is typed.

import {label} from "../declarations.js";
import {freshId, make, setHidden} from "../dom.js";
import {readNumber} from "../numbers.js";
import {positionOf, positionsOf, valueAt} from "../scales.js";
import {_} from "../words.js";
import {helpFor} from "./help.js";

/**
 * @typedef {import("../declarations.js").NumberKind} NumberKind
 * @typedef {import("../store.js").How} How
 * @typedef {(value: number) => number} Snap From a value of the slider to the one that it is to show
 * @typedef {{change: (value: number | null, how: How) => void, complain: (message: string) => void,
 *   grab?: (number: NumberKind) => Snap}} NumberEvents `grab`: the slider is about to be dragged
 */

/** @type {Snap} */
const same = (value) => value;

/**
 * @param {NumberKind} number
 * @param {NumberEvents} events
 * @param {{name?: string, canRelease?: boolean, extras?: HTMLElement[]}} [options] `name`: words before the title for who
 *   cannot see the place; `extras`: buttons beside the slider
 */
export function createNumber(
  number,
  {change, complain, grab = () => same},
  {name = "", canRelease = number.default === null, extras = []} = {},
) {
  const id = freshId();
  const title = [name, number.title].filter(Boolean).join(" ");
  const field = make("input", {type: "text", inputMode: "decimal", id, class: "number-field", autocomplete: "off"});
  const slider = make("input", {
    type: "range",
    min: "0",
    max: String(positionsOf(number)),
    step: "1",
    aria: {label: label({title, symbol: number.symbol})},
  });
  const release = make("button", {
    type: "button",
    class: "release",
    textContent: "×",
    title: _("back to automatic"),
    aria: {label: _("{title}: back to automatic", {title})},
    onclick: () => change(null, "finished"),
  });
  const help = helpFor(number);
  const element = make(
    "div",
    {class: "control number"},
    make(
      "div",
      {class: "line"},
      make("label", {htmlFor: id}, number.title, " ", make("span", {class: "math", textContent: number.symbol})),
      ...help.buttons,
      ...(canRelease ? [release] : []),
      field,
    ),
    extras.length ? make("div", {class: "track"}, slider, ...extras) : slider,
    ...help.texts,
  );
  if (name) field.setAttribute("aria-label", label({title, symbol: number.symbol}));

  /** @type {number | null} */
  let shown = null;
  let lookShown = "";
  const print = (/** @type {number | null} */ value) => (value === null ? "" : String(value));

  // Keys make steps that are finer than those of a snapping slider, and each is a finished change.
  let snap = same;
  const chosen = () => snap(valueAt(number, slider.valueAsNumber));
  slider.addEventListener("pointerdown", () => (snap = grab(number)));
  slider.addEventListener("keydown", () => (snap = same));
  slider.addEventListener("input", () => change(chosen(), "drag"));
  slider.addEventListener("change", () => change(chosen(), "finished"));
  field.addEventListener("change", () => {
    const value = readNumber(field.value);
    if (field.value.trim() === "" && canRelease) return change(null, "finished");
    if (value === null || value < number.low || value > number.high || (number.isInteger && !Number.isInteger(value))) {
      const range = {title, low: number.low, high: number.high, value: field.value.slice(0, 40)};
      complain(
        number.isInteger
          ? _("{title} must be a whole number between {low} and {high}, got '{value}'", range)
          : _("{title} must be between {low} and {high}, got '{value}'", range),
      );
      field.value = print(shown);
      return;
    }
    change(value, "finished");
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") field.value = print(shown);
  });

  return {
    element,
    /**
     * @param {number | null} value
     * @param {{effective?: number | null, words?: string, isUnused?: boolean}} [context] `effective`: the value in
     *   force where the own one is null, which `words` explain
     */
    show(value, {effective = null, words = "", isUnused = false} = {}) {
      shown = value;
      const text = print(value);
      if (field.value !== text && document.activeElement !== field) field.value = text;
      else if (document.activeElement === field && readNumber(field.value) !== value) field.value = text;
      const placeholder = value === null ? words : "";
      if (field.placeholder !== placeholder) field.placeholder = placeholder;
      const position = String(positionOf(number, value ?? effective ?? number.slider[0]));
      if (slider.value !== position) slider.value = position;
      const look = `${position} ${text || words}`;
      if (look !== lookShown) {
        lookShown = look;
        slider.style.setProperty("--share", `${(100 * Number(position)) / Number(slider.max)}%`);
        slider.setAttribute("aria-valuetext", text || words);
      }
      element.classList.toggle("unset", value === null);
      element.classList.toggle("unused", isUnused);
      setHidden(release, value === null);
    },
  };
}
