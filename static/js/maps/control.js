// The control of a map: which kind, over which two of the numbers that this run has here, and what colours show.

import {entryOptions} from "../controls/component.js";
import {createChoice} from "../controls/simple.js";
import {optionsOf, pick, withValue} from "../declarations.js";
import {make, setChildren} from "../dom.js";
import {_} from "../words.js";
import {namesOf} from "./numbers.js";

/**
 * @typedef {import("../declarations.js").Picked} Picked
 * @typedef {import("../declarations.js").ComponentKind} ComponentKind
 * @typedef {import("../declarations.js").ChoiceKind} ChoiceKind
 */

const SIDES = ["x", "y"];
const RUN = "run";

/**
 * @param {ComponentKind & import("../declarations.js").Key} key
 * @param {{change: (picked: Picked, how: import("../store.js").How) => void}} events
 * @param {import("../declarations.js").Key[]} keys
 * @returns {import("../controls/groups.js").Editor}
 */
export function createMapControl(key, {change}, keys) {
  /** @type {Picked} */
  let shown;
  const kind = createChoice(key, (name, how) => change(pick(key, name, shown.values), how));
  const about = make("p", {class: "about"});
  /** @type {Map<string, ReturnType<typeof createChoice>>} */
  const choices = new Map();
  const parameters = make("div", {class: "parameters"});
  /** @param {import("../declarations.js").Parameter} parameter */
  function choiceOf(parameter) {
    let choice = choices.get(parameter.name);
    if (!choice) {
      choice = createChoice(parameter, (value, how) => {
        const set = parameter.kind === "number" ? Number(value) : value;
        change(withValue(key, shown, parameter.name, set), how);
      });
      choices.set(parameter.name, choice);
    }
    return choice;
  }
  const element = make("div", {class: "component"}, kind.element, about, parameters);
  return {
    element,
    show(value, {values}) {
      shown = value;
      const runs = /** @type {Picked[]} */ (values.run);
      const entry = key.entries[shown.name];
      kind.show(shown.name, entryOptions(key));
      about.textContent = entry.about ?? "";
      about.hidden = !entry.about;
      const open = entry.parameters.filter(({name}) => name !== RUN || runs.length > 1);
      setChildren(
        parameters,
        open.map((parameter) => choiceOf(parameter).element),
      );
      const names = namesOf(keys, values, Number(shown.values[RUN] ?? 1));
      const runKey = /** @type {ComponentKind} */ (keys.find(({name}) => name === RUN));
      for (const parameter of open) {
        const now = String(shown.values[parameter.name]);
        if (parameter.name === RUN) {
          const options = runs.map(({name}, at) => ({
            value: String(at + 1),
            title: `${at + 1}: ${runKey.entries[name].title}`,
          }));
          choiceOf(parameter).show(now, options);
          continue;
        }
        const all = Object.entries(optionsOf(/** @type {ChoiceKind} */ (parameter), shown.values));
        const isOpen = (/** @type {string} */ name) =>
          !SIDES.includes(parameter.name) || name === "auto" || names.includes(name);
        const open = all.filter(([name]) => isOpen(name));
        const options = open.map(([name, title]) => ({value: name, title: titleOf(keys, name, title)}));
        choiceOf(parameter).show(now, options);
      }
    },
  };
}

/**
 * What a number is called, with the component that it belongs to.
 * @param {import("../declarations.js").Key[]} keys @param {string} name @param {string} title
 */
function titleOf(keys, name, title) {
  const [component, sub] = name.split(".");
  const key = sub && component !== "start" ? keys.find((one) => one.name === component) : undefined;
  return key ? _("{component}: {number}", {component: key.title, number: title}) : title;
}
