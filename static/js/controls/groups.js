// The control column: one editor for each key of the declaration, two where the panels differ in it.

import {defaultOf, openParameters, optionsOf, pick} from "../declarations.js";
import {byId, make, setAttribute, setChildren, setHidden, setText} from "../dom.js";
import {defaultValue, valuesOf} from "../grammar.js";
import {short} from "../numbers.js";
import {fanSign} from "../swatch.js";
import {_} from "../words.js";
import {createComponent} from "./component.js";
import {createNumber} from "./number.js";
import {createRuns} from "./runs.js";
import {createChoice, createFlag, createNumbers} from "./simple.js";

/**
 * @typedef {import("../declarations.js").Key} Key
 * @typedef {import("../declarations.js").Value} Value
 * @typedef {import("../declarations.js").Picked} Picked
 * @typedef {import("../store.js").How} How
 * @typedef {import("../page.js").State} State
 * @typedef {import("../panel.js").Answer} Answer
 * @typedef {{element: HTMLElement, show: (value: any, about: About) => void}} Editor
 * @typedef {{answer: (Answer & {effective?: {[key: string]: number | undefined}}) | null, values: {[key: string]: Value}, runKey: import("../declarations.js").ComponentKind}} About
 *   What an editor may say about the panel it belongs to
 * @typedef {{change: (panel: number, key: string, value: Value, how: How) => void,
 *   complain: (message: string) => void, select: (run: number) => void,
 *   timeOf: (panel: number) => import("./runs.js").Time, grab?: Grab}} GroupEvents `timeOf`: the step on the screen
 * @typedef {(panel: number, place: import("../ladder.js").Place, number: import("../declarations.js").NumberKind) =>
 *   import("./number.js").Snap} Grab A slider is about to be dragged
 * @typedef {{[kind: string]: (key: any, events: {change: (value: any, how: How) => void}, name: string) => Editor}} Editors
 *   By the kind of key: those that only one lab has
 */

/**
 * The values in force of all runs that follow this shared slider, or of none.
 * @param {Key} key
 * @param {About} about
 * @returns {{isUsed: boolean, effective: number | null}}
 */
function sharedBy(key, {answer, values, runKey}) {
  const runs = /** @type {Picked[]} */ (values.run);
  let isUsed = false;
  /** @type {number | null} */
  let effective = null;
  runs.forEach((run, index) => {
    for (const parameter of runKey.entries[run.name].parameters) {
      if (parameter.kind !== "number" || parameter.shared !== key.name) continue;
      if (run.values[parameter.name] !== null) continue;
      isUsed = true;
      effective ??= /** @type {number | undefined} */ (answer?.runs[index]?.hyperparameters[parameter.name]) ?? null;
    }
  });
  return {isUsed, effective};
}

/**
 * @param {Key} key
 * @param {{change: (value: Value, how: How) => void, complain: (message: string) => void,
 *   select: (run: number) => void, time: () => import("./runs.js").Time,
 *   grab?: (place: import("../ladder.js").Place, number: import("../declarations.js").NumberKind) =>
 *   import("./number.js").Snap, extras?: HTMLElement[]}} events `extras`: buttons beside its slider
 * @param {string} name "A" or "B" where there are two, else ""
 * @returns {Editor}
 */
function createEditor(key, events, name) {
  const {change, complain, grab, extras} = events;
  switch (key.kind) {
    case "number": {
      const grabbed =
        grab && ((/** @type {import("../declarations.js").NumberKind} */ number) => grab({key: key.name}, number));
      const control = createNumber(key, {change, complain, grab: grabbed}, {name, extras});
      return {
        element: control.element,
        show(value, about) {
          if (!isShared(key, about.runKey)) {
            const effective = about.answer?.effective?.[key.name] ?? null;
            return control.show(value, {effective, words: effective === null ? "" : short(effective)});
          }
          const {isUsed, effective} = sharedBy(key, about);
          control.show(value, {effective, words: isUsed ? _("each its own") : _("not used"), isUnused: !isUsed});
        },
      };
    }
    case "flag": {
      const control = createFlag(key, change, {name});
      return {element: control.element, show: (value) => control.show(value)};
    }
    case "choice": {
      const control = createChoice(key, change, {name});
      const options = Object.entries(key.options).map(([value, title]) => ({value, title: String(title)}));
      return {element: control.element, show: (value) => control.show(value, options)};
    }
    case "numbers": {
      const control = createNumbers(key, {change, complain}, {name});
      const chosen = (/** @type {About} */ {answer}) => (key.mayBeAbsent ? [] : (answer?.surface?.start ?? []));
      return {element: control.element, show: (value, about) => control.show(value, chosen(about))};
    }
    case "component": {
      if (key.most) {
        const control = createRuns(
          key,
          {...events, grab: grab && ((number, run) => grab({key: key.name, run, parameter: number.name}, number))},
          {name},
        );
        // Key `run`, answer `runs`: each with the values in force.
        const used = (/** @type {About} */ {answer}) => {
          const found = /** @type {{[name: string]: any}} */ (answer ?? {})[`${key.name}s`] ?? [];
          return found.map((/** @type {{hyperparameters: {[name: string]: any}}} */ one) => one.hyperparameters);
        };
        return {element: control.element, show: (value, about) => control.show(value, used(about))};
      }
      const control = createComponent(
        key,
        {change, complain, grab: grab && ((number) => grab({key: key.name, parameter: number.name}, number))},
        {name},
      );
      const isQuiet = key.group === "main";
      return {element: control.element, show: (value) => control.show(value, {isQuiet})};
    }
    default:
      throw new Error(`no control for ${key.kind}`);
  }
}

/**
 * Whether a slider drives all runs that do not set their own value.
 * @param {Key} key
 * @param {import("../declarations.js").ComponentKind} [runKey]
 */
function isShared(key, runKey) {
  const drives = (/** @type {import("../declarations.js").Parameter} */ one) =>
    one.kind === "number" && one.shared === key.name;
  return Object.values(runKey?.entries ?? {}).some(({parameters}) => parameters.some(drives));
}

/** @param {Key} key Whether its controls show more than its own value. */
function speaksOfAnswer(key) {
  const isOpen = key.kind === "number" && key.default === null;
  return isOpen || key.kind === "numbers" || (key.kind === "component" && key.most > 0);
}

/**
 * Build the controls into the places that the template has for each group (`data-group`).
 * @param {Key[]} keys
 * @param {string[]} hidden names such as "controls.steps"
 * @param {GroupEvents} events
 * @param {Editors} [own]
 */
export function createGroups(keys, hidden, {change, complain, select, timeOf, grab}, own = {}) {
  const fanKey = keys.find((key) => key.name === "fan");
  const canFan = (/** @type {Key} */ {name}) => fanKey?.kind === "choice" && name in fanKey.options;
  /** @type {{name: string, button: HTMLElement}[]} */
  const fans = [];
  let fan = "";
  /** @param {Key} key */
  function createFanButton({name, title}) {
    const words = _("{title}: all values at once, as faint paths", {title});
    const onclick = () => change(0, "fan", fan === name ? /** @type {any} */ (fanKey).default : name, "finished");
    const button = make("button", {type: "button", class: "fan-button", title: words, aria: {label: words}, onclick});
    button.append(fanSign());
    fans.push({name, button});
    return button;
  }
  const runKey = /** @type {import("../declarations.js").ComponentKind} */ (keys.find((key) => key.name === "run"));
  const shown = keys.filter((key) => key.group && !hidden.includes(`controls.${key.name}`));
  const places = shown.map((key) => {
    const element = make("div", {class: "key", data: {key: key.name}});
    const home = /** @type {Element} */ (document.querySelector(`[data-group="${key.group}"]`));
    // Where the control stands when its group is declared; what differs between panels moves to the top.
    const anchor = document.createComment(key.name);
    home.append(anchor, element);
    /** @type {(Editor | undefined)[]} one for both panels, A, B */
    const editors = [];
    const editorOf = (/** @type {number} */ which) => {
      const panel = which === 2 ? 1 : 0;
      const set = (/** @type {Value} */ value, /** @type {How} */ how) => change(panel, key.name, value, how);
      /** @type {Parameters<typeof createEditor>[1]["grab"]} */
      const grabbed = grab && ((place, number) => grab(panel, place, number));
      const extras = canFan(key) ? [createFanButton(key)] : [];
      const events = {change: set, complain, select, time: () => timeOf(panel), grab: grabbed, extras};
      const name = ["", "A", "B"][which];
      return (editors[which] ??=
        (own[key.name] ?? own[key.kind])?.(key, events, name) ?? createEditor(key, events, name));
    };
    const title = make("span", {class: "double-title", textContent: key.title});
    return {key, element, anchor, title, editorOf};
  });
  /** @type {Map<Key, unknown[]>} what each key's controls were last made from */
  const known = new Map();
  const differenceGroup = byId("differences");
  const differences = /** @type {Element} */ (differenceGroup.lastElementChild);
  const labels = new Map(
    places.map(({key}) => [key, ["A", "B"].map((name) => make("span", {class: "panel-letter", textContent: name}))]),
  );

  return {
    /**
     * @param {State} state
     * @param {(Answer | null)[]} answers by panel
     */
    show(state, answers) {
      const both = [valuesOf(state, 0), valuesOf(state, 1)];
      const abouts = both.map((values, panel) => ({answer: answers[panel] ?? null, values, runKey}));
      const isQuadratic = answers.some((one) => one?.surface?.hessian);
      const surfaceKey = keys.find((key) => key.name === "surface");
      const hasRows = both.some(({surface}) => {
        const picked = /** @type {Picked | undefined} */ (surface);
        return picked && surfaceKey?.kind === "component" && surfaceKey.entries[picked.name].hasRows;
      });
      const differing = places.filter(({key}) => key.name in state.vs && key.group !== "main");
      setHidden(differenceGroup, differing.length === 0);
      const what = differing.map(({key}) => key.title).join(", ");
      setText(/** @type {Element} */ (differenceGroup.firstElementChild), _("What differs: {what}", {what}));
      for (const {key, element, anchor, title, editorOf} of places) {
        const isDouble = key.name in state.vs;
        // Most keys stay as they are while one is dragged.
        const values = both.map((one) => one[key.name]);
        const inputs = [
          isDouble,
          hasRows,
          isQuadratic,
          ...values,
          ...(key.name in own ? both : []), // it may speak of anything
          ...(speaksOfAnswer(key) || isShared(key, runKey) ? answers : []),
        ];
        const isSame =
          inputs.length === known.get(key)?.length && inputs.every((one, at) => one === known.get(key)?.[at]);
        known.set(key, inputs);
        if (isSame) continue;
        if (isDouble && key.group !== "main") {
          if (element.parentElement !== differences) differences.append(element);
        } else if (element.previousSibling !== anchor) {
          anchor.after(element);
        }
        const which = isDouble ? [1, 2] : [0];
        element.classList.toggle("double", isDouble);
        setHidden(element, key.shownWith === "rows" && surfaceKey !== undefined && !hasRows && !isDouble);
        // What is no default stays in sight: a link may have set it.
        if (key.shownWith === "quadratic") setHidden(element, values[0] === defaultValue(key) && !isQuadratic);
        const editors = which.map(editorOf);
        const letters = isDouble ? /** @type {HTMLElement[]} */ (labels.get(key)) : [];
        setChildren(element, [
          ...(isDouble && key.group === "main" && key.kind !== "number" ? [title] : []),
          ...editors.flatMap((editor, index) => (isDouble ? [letters[index], editor.element] : [editor.element])),
        ]);
        editors.forEach((editor, index) => editor.show(both[isDouble ? index : 0][key.name], abouts[index]));
      }
      fan = String(state.values.fan);
      for (const {name, button} of fans) setAttribute(button, "aria-pressed", String(name === fan));
    },
  };
}

/**
 * A second value for a key, different from the first, to begin a comparison with.
 * @param {Key} key
 * @param {Value} value the one in force
 * @returns {Value}
 */
export function otherValue(key, value) {
  switch (key.kind) {
    case "component": {
      const names = Object.keys(key.entries);
      const next = (/** @type {Picked} */ picked) => names[(names.indexOf(picked.name) + 1) % names.length];
      if (Array.isArray(value)) return [{...pick(key, next(/** @type {Picked[]} */ (value)[0])), slot: 0}];
      return pick(key, next(/** @type {Picked} */ (value)));
    }
    case "choice": {
      const options = Object.keys(key.options);
      return options[(options.indexOf(String(value)) + 1) % options.length];
    }
    case "flag":
      return !value;
    case "number": {
      const now = Number(value ?? key.slider[0]);
      const other = key.scale === "linear" ? now + 0.2 * (key.slider[1] - key.slider[0]) : now * 2;
      const inside = other <= key.slider[1] ? other : now / 2;
      return key.isInteger ? Math.round(inside) : Number(inside.toPrecision(3));
    }
    default:
      return value;
  }
}

/**
 * Say an entry and what was set of its values.
 * @param {import("../declarations.js").ComponentKind} kind
 * @param {Picked} picked
 */
export function sayPicked(kind, {name, values}) {
  const {title, parameters} = kind.entries[name];
  const words = [title];
  for (const parameter of openParameters(parameters, values)) {
    const value = values[parameter.name];
    if (value === null || value === defaultOf(parameter, values)) continue;
    const called = parameter.symbol || parameter.title;
    if (parameter.kind === "fork") words.push(_("from step {step}", {step: String(value).split("@")[1]}));
    else if (parameter.kind === "number") words.push(`${called} ${short(Number(value))}`);
    else if (parameter.kind === "flag") words.push(`${called}: ${value ? _("yes") : _("no")}`);
    else words.push(String(optionsOf(parameter, values)[String(value)]));
  }
  return words.join(" · ");
}

/**
 * Say a value in few words, for the name of a panel.
 * @param {Key} key
 * @param {Value} value
 * @returns {string}
 */
export function sayValue(key, value) {
  if (value === null) return _("automatic");
  if (key.kind === "component") {
    const picked = /** @type {Picked[]} */ (Array.isArray(value) ? value : [value]);
    return picked.map((one) => sayPicked(key, one)).join(", ");
  }
  if (key.kind === "choice") return String(key.options[String(value)]);
  if (key.kind === "flag") return value ? _("yes") : _("no");
  if (Array.isArray(value)) return value.map((part) => short(Number(part))).join(", ");
  return [key.kind === "number" ? key.symbol : "", short(Number(value), 4)].filter(Boolean).join(" = ");
}
