// A component: which entry of its registry, and that entry's own values.

import {defaultOf, openParameters, optionsOf, pick, withValue} from "../declarations.js";
import {make, setChildren} from "../dom.js";
import {short} from "../numbers.js";
import {_} from "../words.js";
import {createNumber} from "./number.js";
import {createChoice, createFlag} from "./simple.js";

/**
 * @typedef {import("../declarations.js").ComponentKind} ComponentKind
 * @typedef {import("../declarations.js").Parameter} Parameter
 * @typedef {import("../declarations.js").Picked} Picked
 * @typedef {import("../declarations.js").Scalar} Scalar
 * @typedef {import("../store.js").How} How
 * @typedef {{change: (picked: Picked, how: How) => void, complain: (message: string) => void,
 *   grab?: import("./number.js").NumberEvents["grab"]}} ComponentEvents
 */

/**
 * The options of a registry's entries.
 * @param {ComponentKind} kind
 */
export function entryOptions(kind) {
  return Object.values(kind.entries).map(({name, title, family}) => ({value: name, title, family}));
}

/**
 * Whether a parameter is set by a control; where a run is forked is no such thing.
 * @param {Parameter} parameter
 * @returns {parameter is Exclude<Parameter, {kind: "fork"}>}
 */
const isSet = (parameter) => parameter.kind !== "fork";

/**
 * The controls of an entry's open parameters.
 * @param {ComponentKind} kind
 * @param {ComponentEvents} events
 * @param {{name?: string}} options
 */
export function createParameters(kind, {change, complain, grab}, {name = ""}) {
  const element = make("div", {class: "parameters"});
  /** @type {Map<Parameter, {element: HTMLElement, show: (value: any, context: any) => void}>} */
  const controls = new Map();
  /** @type {Picked} */
  let shown;

  /** @param {Exclude<Parameter, {kind: "fork"}>} parameter */
  function controlOf(parameter) {
    let control = controls.get(parameter);
    if (!control) {
      const set = (/** @type {Scalar} */ value, /** @type {How} */ how) =>
        change(withValue(kind, shown, parameter.name, value), how);
      if (parameter.kind === "number") control = createNumber(parameter, {change: set, complain, grab}, {name});
      else if (parameter.kind === "flag") control = createFlag(parameter, set, {name});
      else control = createChoice(parameter, set, {name});
      controls.set(parameter, control);
    }
    return control;
  }

  return {
    element,
    /** @param {Picked} picked @param {{[name: string]: any}} [used] the values in force, by parameter */
    show(picked, used = {}) {
      shown = picked;
      const open = [...openParameters(kind.entries[picked.name].parameters, picked.values)].filter(isSet);
      setChildren(
        element,
        open.map((parameter) => controlOf(parameter).element),
      );
      for (const parameter of open) {
        const value = picked.values[parameter.name] ?? defaultOf(parameter, picked.values);
        if (parameter.kind === "choice") {
          const options = Object.entries(optionsOf(parameter, picked.values));
          controlOf(parameter).show(
            String(value),
            options.map(([option, title]) => ({value: option, title})),
          );
          continue;
        }
        const effective = typeof used[parameter.name] === "number" ? used[parameter.name] : null;
        controlOf(parameter).show(value, {effective, words: effective === null ? _("auto") : short(effective)});
      }
    },
  };
}

/**
 * One entry to choose, and its values below it.
 * @param {ComponentKind} kind
 * @param {ComponentEvents} events
 * @param {{name?: string, title?: string}} [options]
 */
export function createComponent(kind, events, {name = "", title = kind.title} = {}) {
  /** @type {Picked} */
  let shown;
  const choice = createChoice(
    {...kind, title},
    // Values that the new entry knows by the same name are kept where they fit.
    (entry, how) => events.change({...pick(kind, entry), ...(shown.slot !== undefined && {slot: shown.slot})}, how),
    {name},
  );
  const about = make("p", {class: "about"});
  const parameters = createParameters(kind, events, {name});
  const element = make("div", {class: "component"}, choice.element, about, parameters.element);
  const options = entryOptions(kind);
  return {
    element,
    /** @param {Picked} picked @param {{used?: {[name: string]: any}, isQuiet?: boolean}} [context] */
    show(picked, {used, isQuiet = false} = {}) {
      shown = picked;
      choice.show(picked.name, options);
      const {about: text = ""} = kind.entries[picked.name];
      if (about.textContent !== text) about.textContent = text;
      about.hidden = isQuiet || !text;
      choice.select.title = text;
      parameters.show(picked, used);
    },
  };
}
