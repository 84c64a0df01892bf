// The Search lab: a budget of runs to find two good numbers. This is the page's entry; it wires the parts together.

import {createChoice, createNumbers} from "../controls/simple.js";
import {label} from "../declarations.js";
import {byId, make, setAttribute, setChildren, setHidden, setText} from "../dom.js";
import {valuesOf} from "../grammar.js";
import {sayValue as sayKey} from "../controls/groups.js";
import {createLab} from "../lab.js";
import {namesOf} from "../maps/numbers.js";
import {frameOf, lastStep} from "../page.js";
import {createChart} from "../search/chart.js";
import {bestOf, createPanel, sayValue} from "../search/panel.js";
import {createResults} from "../search/results.js";
import {STYLES} from "../styles.js";
import {swatch} from "../swatch.js";
import {_} from "../words.js";

/**
 * @typedef {import("../page.js").State} State
 * @typedef {import("../declarations.js").Values} Values
 * @typedef {import("../search/panel.js").Panel} Panel
 * @typedef {{panel: Panel, results: ReturnType<typeof createResults>}} Part what belongs to one panel
 */

const OWN = 2; // the style of one's own samples
const AUTO = "auto";
const SPEED = 5; // runs a second: each is to be seen

/** @type {Part[]} */
const made = [];
const parts = () => made.slice(0, lab.panelCount());
const answers = () => parts().map(({panel}) => panel.answer);
const isHidden = (/** @type {State} */ {values}) => Boolean(values.hidden);
const ownOf = (/** @type {State} */ {values}) => /** @type {[number, number][]} */ (values.own);

const lab = createLab({
  own: {speed: SPEED},
  // How many runs the budget pays is known before they are made.
  lastStepOf: (state, panel) => Number(valuesOf(state, panel).budget),
  follow(state, how) {
    const count = lab.panelCount(state);
    while (made.length < count) made.push({panel: addPanel(), results: createResults()});
    const shown = made.slice(0, count);
    shown.forEach(({panel}, index) => {
      panel.setHidden(isHidden(state));
      panel.follow(valuesOf(state, index), how);
    });
    made.slice(count).forEach(({panel}) => panel.stop());
    lab.showPanels(shown.map(({panel}) => panel.element));
    setChildren(
      byId("results"),
      shown.map(({results}) => results.element),
    );
  },
  paint,
  say: showWords,
  look(state, previous) {
    if (state.values.hidden === previous.values.hidden) return;
    parts().forEach(({panel}) => panel.setHidden(isHidden(state)));
    showWords(state);
    lab.painter.request();
  },
  answers: () => /** @type {any[]} */ (answers()),
  redraw: () => made.forEach(({panel}) => panel.redraw()),
  settle,
  editors: {x: sideEditor, y: sideEditor, map_view: rangeEditor},
});
const {page, store, status, player, painter, words, tokens, scale} = lab;
const ownKey = /** @type {import("../declarations.js").PointsKind} */ (page.keys.find(({name}) => name === "own"));

// What belongs together ----------------------------------------------------------------------------------------------

const sideKey = /** @type {import("../declarations.js").ChoiceKind} */ (page.keys.find(({name}) => name === "x"));
/** The numbers that a search of this run may be over. @param {Values} values */
const openNames = (values) => namesOf(page.keys, values, 1).filter((name) => name in sideKey.options);

/** Places belong to the numbers that they are places of. @param {Values} values @param {string} key */
function settle(values, key) {
  const names = openNames(values);
  const isOther = ["x", "y", "run"].includes(key);
  for (const side of ["x", "y"]) if (!names.includes(String(values[side]))) values[side] = AUTO;
  if (values.x === values.y && values.x !== AUTO) values[key === "x" ? "y" : "x"] = AUTO;
  const previous = store.get().values;
  const wasRun = /** @type {import("../declarations.js").Picked[]} */ (previous.run)[0].name;
  const isRun = /** @type {import("../declarations.js").Picked[]} */ (values.run)[0].name;
  const areOthers = values.x !== previous.x || values.y !== previous.y || (isOther && wasRun !== isRun);
  return areOthers ? {...values, own: [], map_view: null} : values;
}

/**
 * One side of what is searched: of all numbers that there are, those that this run has here.
 * @param {import("../declarations.js").ChoiceKind} key
 * @param {{change: (value: any, how: import("../store.js").How) => void}} events
 * @param {string} name
 */
function sideEditor(key, {change}, name) {
  const control = createChoice(key, change, {name});
  const titles = /** @type {{[name: string]: string}} */ (key.options);
  return {
    element: control.element,
    /** @param {any} value @param {import("../controls/groups.js").About} about */
    show(value, {values, runKey}) {
      const run = /** @type {import("../declarations.js").Picked[]} */ (values.run)[0];
      // Numbers of the same name are called differently by different optimizers.
      const own = Object.fromEntries(runKey.entries[run.name].parameters.map((one) => [one.name, label(one)]));
      const open = [AUTO, ...openNames(values)].filter((option) => option in titles);
      control.show(
        String(value),
        open.map((option) => ({value: option, title: own[option] ?? titles[option]})),
      );
    },
  };
}

/**
 * The range that is searched; where none is chosen, the one in force.
 * @param {import("../declarations.js").NumbersKind} key
 * @param {{change: (value: any, how: import("../store.js").How) => void}} events
 * @param {string} name
 */
function rangeEditor(key, {change}, name) {
  const control = createNumbers(key, {change, complain: (message) => status.complain(message)}, {name});
  return {
    element: control.element,
    /** @param {any} value @param {import("../controls/groups.js").About} about */
    show(value, about) {
      const answer = /** @type {import("../search/panel.js").Answer | null} */ (/** @type {unknown} */ (about.answer));
      control.show(value, answer ? [answer.x.low, answer.x.high, answer.y.low, answer.y.high] : []);
    },
  };
}

// Own samples --------------------------------------------------------------------------------------------------------

/** @param {[number, number][]} own */
function setOwn(own) {
  const {values, vs} = store.get();
  const {own: _other, ...rest} = vs;
  store.update({values: {...values, own: /** @type {any} */ (own)}, vs: rest}, "finished");
}

/** @param {number} x @param {number} y */
function place(x, y) {
  const own = ownOf(store.get());
  if (own.length >= ownKey.most)
    return status.complain(_("{most} samples of your own are the most", {most: ownKey.most}));
  setOwn([...own, [x, y]]);
}

byId("own-undo").addEventListener("click", () => setOwn(ownOf(store.get()).slice(0, -1)));
byId("own-clear").addEventListener("click", () => setOwn([]));
byId("truth").addEventListener("click", () => {
  const {values} = store.get();
  store.update({values: {...values, hidden: !values.hidden}}, "finished");
});

// Drawing ------------------------------------------------------------------------------------------------------------

function addPanel() {
  return createPanel({
    page,
    tokens,
    scale,
    onAnswer(isLive) {
      painter.now();
      if (isLive) words.soon();
      else words.now();
    },
    onPick: place,
    onMap: painter.request,
    onRefusal: status.complain,
    onLost: status.setLost,
    onBusy: status.setBusy,
    requestPaint: painter.request,
  });
}

const chart = createChart(byId("loss-canvas", HTMLCanvasElement), {onScrub: (run) => player.goTo(run)});
const sizes = new ResizeObserver(([{contentRect}]) => {
  chart.resize(Math.floor(contentRect.width), Math.floor(contentRect.height));
  painter.request();
});
sizes.observe(byId("loss-box"));

function paint() {
  const state = store.get();
  const own = ownOf(state);
  const frame = frameOf(state);
  const ownColor = tokens().run(STYLES[OWN].token);
  parts().forEach(({panel}, index) => {
    const color = tokens().run(STYLES[index].token);
    panel.paint({frame, isHidden: isHidden(state), color, ownColor, own});
  });
  const found = answers();
  const [first] = found;
  if (!first) return;
  const lines = isHidden(state)
    ? []
    : found.flatMap((answer, index) => {
        if (!answer) return [];
        const {token, dash} = STYLES[index];
        const letter = found.length > 1 ? "AB"[index] : "";
        const bands = answer.seeds > 1 ? answer.bands : null;
        return [{color: tokens().run(token), dash, letter, best: answer.samples.best, bands}];
      });
  const mine = {color: ownColor, dash: STYLES[OWN].dash, letter: "", best: first.own.best, bands: null};
  chart.paint({
    lines: first.own.best.length ? [...lines, mine] : lines,
    truth: isHidden(state) ? null : first.truth.value,
    budget: Math.max(lastStep(state), first.own.best.length),
    frame,
    isLog: state.isLog,
    tokens: tokens(),
    scale: scale(),
  });
  if (found.every(Boolean)) lab.isReady();
}

/**
 * What a panel is called by: a number without a symbol says what it is.
 * @param {import("../declarations.js").Key} key @param {import("../declarations.js").Value} value
 */
function nameOf(key, value) {
  const said = sayKey(key, value);
  return key.kind === "number" && !key.symbol ? `${key.title}: ${said}` : said;
}

/** @param {State} state */
function showWords(state) {
  const found = answers();
  const hidden = isHidden(state);
  const own = ownOf(state);
  const differing = page.keys.filter(({name}) => name in state.vs);
  const named = differing.length ? differing : page.keys.filter(({name}) => name === "strategy");
  parts().forEach(({panel, results}, index) => {
    const {answer} = panel;
    const letter = parts().length > 1 ? "AB"[index] : "";
    const values = valuesOf(state, index);
    const name = named.map((key) => nameOf(key, values[key.name])).join(" · ");
    const budget = Number(values.budget);
    const guess = _("Where would you try? Click on the map: {count} of {budget} placed", {count: own.length, budget});
    panel.name(letter, hidden ? _("Your guess") : name, hidden ? guess : (answer?.takeaway ?? ""));
    if (answer) results.show(answer, letter, hidden);
  });
  const [answer] = found;
  setText(byId("truth"), hidden ? _("Show the truth") : _("Hide the truth"));
  setAttribute(byId("truth"), "aria-pressed", String(hidden));
  for (const id of ["own-undo", "own-clear"]) byId(id, HTMLButtonElement).disabled = own.length === 0;
  const at = answer ? bestOf(answer.own.value, answer.own.value.length) : -1;
  const said = !own.length
    ? _("Click on the map, or move the cross-hair with the arrow keys and press Enter: every click is a run.")
    : !answer || at < 0
      ? _("{count} placed; nothing found yet", {count: own.length})
      : _("{count} placed; the best is number {number}: {value}", {
          count: own.length,
          number: at + 1,
          value: sayValue(answer, answer.own.value[at]),
        });
  setText(byId("own-said"), said);
  setText(byId("loss-title"), answer?.measure === "steps" ? _("Fewest steps so far") : _("Lowest final loss so far"));
  showLegend(state, found);
}

/** @param {State} state @param {(import("../search/panel.js").Answer | null)[]} found */
function showLegend(state, found) {
  const named = isHidden(state)
    ? []
    : found.flatMap((answer, index) => (answer ? [entryOf(index, answer.strategy.title)] : []));
  const mine = ownOf(state).length ? [entryOf(OWN, _("your own"))] : [];
  setChildren(byId("chart-legend"), [...named, ...mine]);
  setHidden(byId("chart-note"), isHidden(state));
}

/** @param {number} slot @param {string} title */
const entryOf = (slot, title) => make("li", {}, swatch(slot), make("span", {textContent: title}));

const scaleChoice = byId("loss-scale", HTMLSelectElement);
scaleChoice.addEventListener("change", () => {
  store.update({isLog: scaleChoice.value === "log"}, "look");
  painter.request();
});
byId("speed", HTMLSelectElement).value = String(SPEED);

lab.begin();
