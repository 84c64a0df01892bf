// The maps of Descent: one for each panel of paths, and with two of them what differs. Loaded when the first is wanted.

import {pick} from "../declarations.js";
import {createPainter} from "../frames.js";
import {panelLink, printValue, valuesOf} from "../grammar.js";
import {short} from "../numbers.js";
import {styleOf} from "../styles.js";
import {_} from "../words.js";
import {basinColors, colorsOf, countVerdicts, differenceColors, differenceOf, gapRange} from "./colors.js";
import {namesOf, numberOf, withNumber} from "./numbers.js";
import {createMapPanel} from "./panel.js";
import {createPicture} from "./picture.js";
import {createReader} from "./reader.js";

/**
 * @typedef {import("../declarations.js").Values} Values
 * @typedef {import("../declarations.js").Picked} Picked
 * @typedef {import("../declarations.js").ComponentKind} ComponentKind
 * @typedef {import("../page.js").State} State
 * @typedef {import("./picture.js").Picture} Picture
 * @typedef {import("../panel.js").Panel} RacePanel
 * @typedef {{panel: import("./panel.js").MapPanel, reader: ReturnType<typeof createReader>, picture: Picture | null,
 *   isDone: boolean, secondsLeft: number}} OneMap
 */

/** @param {State} state */
export const mapOf = (state) => /** @type {Picked} */ (state.values.map);

/**
 * The question for the map of one panel. What the map itself goes through, and what other runs do, is left out: it
 * changes nothing.
 * @param {import("../declarations.js").Key[]} keys
 * @param {Values} values
 * @param {string[]} names of both sides, where they are known
 */
export function mapLink(keys, values, names) {
  const map = /** @type {Picked} */ (values.map);
  const number = Number(map.values.run ?? 1);
  const runs = /** @type {Picked[]} */ (values.run);
  const run = runs[number - 1] ?? runs[0];
  const runKey = /** @type {ComponentKind} */ (keys.find(({name}) => name === "run"));
  const plain = pick(runKey, run.name).values;
  /** @type {Values} */
  let asked = {...values, run: [run]};
  for (const name of names) {
    if (name.startsWith("start.")) asked = {...asked, start: null};
    else if (name in plain) {
      asked = withNumber(asked, 1, name, /** @type {any} */ (plain[name]), [0, 0]);
      if (name in values) asked[name] = null;
    }
  }
  if (map.name === "basins") asked.start = null;
  else asked.view = null;
  const mapKey = /** @type {ComponentKind} */ (keys.find(({name}) => name === "map"));
  // Colours are the page's own affair.
  const shape = pick(mapKey, map.name, {...map.values, run: 1, show: "loss"});
  const own = [`map=${printValue(mapKey, shape).join()}`];
  const view = /** @type {number[] | null} */ (values.map_view);
  if (view && map.name !== "basins") own.push(`map_view=${view.join()}`);
  return [panelLink(keys, asked), ...own].filter(Boolean).join("&");
}

/**
 * @param {{lab: import("../lab.js").Lab, panels: () => RacePanel[], onSize: (square: HTMLElement,
 *   resize: (side: number) => void) => void, zoomView: (panel: number, ranges: import("../geometry.js").Ranges) => void,
 *   fitView: () => void}} options `panels`: those of paths that are shown
 */
export function createMaps({lab, panels, onSize, zoomView, fitView}) {
  const {page, store, status, tokens, scale} = lab;
  const {keys} = page;
  /** @type {OneMap[]} */
  const made = [];
  /** @type {import("./panel.js").MapPanel | null} */
  let difference = null;
  const painter = createPainter(show);

  /** @param {number} index */
  function add(index) {
    const panel = createMapPanel({
      tokens,
      scale,
      say: (picture, cell) => sayCell(picture, cell),
      onPick: (x, y) => choose(index, x, y),
      onZoom: (x, y) => zoom(index, x, y),
      onReset: reset,
      onMore: giveMoreSteps,
    });
    /** @type {OneMap} */
    const one = {
      panel,
      picture: null,
      isDone: false,
      secondsLeft: 0,
      reader: createReader({
        language: page.language,
        onHead(head) {
          one.picture = createPicture(head);
          one.isDone = false;
          one.reader.rename(urlOf(store.get(), index));
          if (head.notes.length) status.notice(head.notes.join(" · "));
        },
        onBlock(block) {
          one.picture?.take(block);
          one.secondsLeft = block.seconds_left ?? 0;
          painter.request();
        },
        onEnd() {
          one.isDone = true;
          painter.request();
        },
        onRefusal: status.complain,
        onLost: status.setLost,
      }),
    };
    onSize(panel.square, panel.resize);
    made[index] = one;
  }

  /** @param {State} state @param {number} index */
  const urlOf = (state, index) => `${page.mapApi}?${mapLink(keys, valuesOf(state, index), namesAt(index))}`;

  /** The numbers along both sides of a panel's map, where the link or an answer says which. @param {number} index */
  function namesAt(index) {
    const values = valuesOf(store.get(), index);
    const map = /** @type {Picked} */ (values.map);
    if (map.name === "basins") return ["start.x", "start.y"];
    const head = made[index]?.picture?.head;
    const there = namesOf(keys, values, Number(map.values.run ?? 1));
    return ["x", "y"].map((side) => {
      const given = String(map.values[side] ?? "auto");
      const shown = given === "auto" ? head?.[/** @type {"x" | "y"} */ (side)].name : given;
      return shown && there.includes(shown) ? shown : "";
    });
  }

  /** @param {number} index @param {number} x @param {number} y the numbers of the cell */
  function choose(index, x, y) {
    const head = made[index].picture?.head;
    if (!head) return;
    const {values, vs} = store.get();
    const number = Number(mapOf(store.get()).values.run ?? 1);
    const mine = valuesOf(store.get(), index);
    const start = panels()[index]?.answer?.surface.start ?? [0, 0];
    let next = withNumber(mine, number, head.x.name, x, start);
    next = withNumber(next, number, head.y.name, y, start);
    /** @type {Values} */
    const all = {...values};
    /** @type {Values} */
    const own = {...vs};
    for (const key of Object.keys(next)) {
      if (next[key] === mine[key]) continue;
      if (index === 1 && key in vs) own[key] = next[key];
      else all[key] = next[key];
    }
    store.update({values: all, vs: own}, "finished");
  }

  /** @param {number} index @param {[number, number]} x @param {[number, number]} y */
  function zoom(index, x, y) {
    const {values} = store.get();
    if (mapOf(store.get()).name === "basins") return zoomView(index, [...x, ...y]);
    const head = made[index].picture?.head;
    if (!head) return;
    const limits = [head.x, head.y].map(({name}) => limitsOf(name));
    const digits = [x, y].flatMap((range, side) =>
      range.map((edge) => Number(Math.min(Math.max(edge, limits[side][0]), limits[side][1]).toPrecision(4))),
    );
    if (!(digits[0] < digits[1] && digits[2] < digits[3])) return;
    store.update({values: {...values, map_view: digits}}, "finished");
  }

  /** The range that a number may have. @param {string} name @returns {[number, number]} */
  function limitsOf(name) {
    const [component, sub] = name.includes(".") ? name.split(".") : ["run", name];
    const kind = /** @type {ComponentKind | undefined} */ (keys.find((key) => key.name === component));
    for (const {parameters} of Object.values(kind?.entries ?? {})) {
      const number = parameters.find((parameter) => parameter.name === sub);
      if (number?.kind === "number") return [number.low, number.high];
    }
    return [-1e9, 1e9];
  }

  const mostSteps = () => {
    const key = keys.find(({name}) => name === "steps");
    return key?.kind === "number" ? key.high : 0;
  };

  /** What the button says that gives runs longer, where some are not there yet and may go on. @param {State} state @param {Picture} picture */
  function moreSteps(state, picture) {
    const moving = picture.head.kinds.indexOf("moving");
    const steps = Math.min(2 * picture.head.steps, mostSteps());
    const isOpen = picture.data.kind.includes(moving) && steps > Number(state.values.steps);
    return isOpen ? _("{steps} steps", {steps}) : "";
  }

  function giveMoreSteps() {
    const {values, vs} = store.get();
    const longer = (/** @type {import("../declarations.js").Value} */ steps) =>
      Math.min(2 * Number(steps), mostSteps());
    const both = "steps" in vs ? {...vs, steps: longer(vs.steps)} : vs;
    store.update({values: {...values, steps: longer(values.steps), at: null}, vs: both}, "finished");
  }

  function reset() {
    if (mapOf(store.get()).name === "basins") return fitView();
    store.update({values: {...store.get().values, map_view: null}}, "finished");
  }

  function show() {
    const state = store.get();
    const shown = made.slice(0, lab.panelCount(state));
    const pictures = shown.flatMap(({picture}) => (picture?.done ? [picture] : []));
    const range = gapRange(pictures);
    const isBasins = mapOf(state).name === "basins";
    const what = /** @type {"loss" | "steps" | "outcome"} */ (mapOf(state).values.show ?? "loss");
    shown.forEach(({panel, picture, isDone, secondsLeft}, index) => {
      if (!picture || !picture.done) return;
      panel.show({
        picture,
        colors: isBasins ? basinColors(picture) : colorsOf(picture, what, range),
        letter: shown.length > 1 ? "AB"[index] : "",
        title: titleOf(picture),
        summary: summaryOf(picture, isDone, isBasins),
        more: isDone ? moreSteps(state, picture) : "",
        isDone,
        progress: secondsLeft >= 0.5 ? _("about {seconds} s", {seconds: Math.ceil(secondsLeft)}) : "",
        ...runMark(state, index),
      });
    });
    const [a, b] = pictures;
    const sides = (/** @type {Picture} */ {head: {x, y}}) => JSON.stringify([x.name, x.values, y.name, y.values]);
    if (difference && a && b && sides(a) !== sides(b)) {
      difference.wait(_("Difference"), _("The two maps are over different numbers."));
    } else if (difference && a && b) {
      const verdictOf = differenceOf(a, b, isBasins);
      const counts = countVerdicts(a, b, verdictOf);
      difference.show({
        picture: a,
        colors: differenceColors(verdictOf, {isBasins, hasOpen: counts.open > 0, columns: a.columns}),
        letter: "",
        title: _("Difference"),
        summary: differenceIn(counts, isBasins),
        more: "",
        isDone: shown.every(({isDone}) => isDone),
        progress: "",
        runAt: [null, null],
        runColor: tokens().ink,
      });
    }
  }

  /** @param {State} state @param {number} index */
  function runMark(state, index) {
    const values = valuesOf(state, index);
    const number = Number(mapOf(state).values.run ?? 1);
    const answer = panels()[index]?.answer ?? null;
    const names = namesAt(index);
    const slot = /** @type {Picked[]} */ (values.run)[number - 1]?.slot;
    return {
      runAt: names.map((name) => (name ? numberOf(values, number, name, answer) : null)),
      runColor: tokens().run(styleOf(slot).token),
    };
  }

  return {
    /**
     * Follow the state; the elements to show, in their order.
     * @param {State} state
     * @param {import("../store.js").How} how
     * @returns {HTMLElement[]}
     */
    follow(state, how) {
      const count = lab.panelCount(state);
      for (let index = 0; index < count; index++) {
        if (!made[index]) add(index);
        if (how === "drag") continue; // a map of what is only passed through would be work for nothing
        if (made[index].reader.ask(urlOf(state, index)) && !made[index].picture) made[index].panel.wait(_("Map"), "");
      }
      made.slice(count).forEach(({reader}) => reader.stop());
      if (count > 1 && !difference) {
        difference = createMapPanel({tokens, scale, say: () => ""});
        onSize(difference.square, difference.resize);
      }
      painter.request();
      const shown = made.slice(0, count).map(({panel}) => panel.element);
      return count > 1 && difference ? [...shown, difference.element] : shown;
    },
    /** What moved without another map. @param {State} state */
    paint(state) {
      made.slice(0, lab.panelCount(state)).forEach(({panel, picture}, index) => {
        if (!picture) return;
        const {runAt, runColor} = runMark(state, index);
        panel.mark(runAt, runColor);
      });
    },
    redraw() {
      painter.request();
      made.forEach(({panel}) => panel.redraw());
      difference?.redraw();
    },
    stop: () => made.forEach(({reader}) => reader.stop()),
  };
}

/** @typedef {ReturnType<typeof createMaps>} Maps */

/** @param {Picture} picture */
function titleOf({head: {title, x, y}}) {
  const name = (/** @type {import("./picture.js").Axis} */ axis) => axis.symbol || axis.title;
  const words = x.name.startsWith("start") && y.name.startsWith("start");
  return words ? _("{title}: where it ends", {title}) : `${title}: ${name(x)} × ${name(y)}`;
}

const PERCENT = 100;

/** How many of the cells whose runs have ended say what. @param {{[verdict: string]: number}} counts @param {boolean} isBasins */
export function differenceIn({same, first, second, open}, isBasins) {
  const all = same + first + second;
  // Of no cell that can be compared there is no share.
  if (!all) return _("{count} cells are not there yet", {count: open ?? 0});
  const share = (/** @type {number} */ count) => percent(count / all);
  const words = isBasins
    ? _("B ends at another point than A in {share} of the cells", {share: share(second)})
    : _("Earlier, or lower: A in {a}, B in {b} of the cells", {a: share(first), b: share(second)});
  return open ? _("{words}; {count} cells are not there yet", {words, count: open}) : words;
}

/** @param {number} share */
const percent = (share) => (share > 0 && share < 0.01 ? "<1 %" : `${Math.round(share * PERCENT)} %`);

/** @param {Picture} picture @param {boolean} isDone @param {boolean} isBasins */
export function summaryOf(picture, isDone, isBasins = false) {
  const {head, data, done} = picture;
  const counts = head.kinds.map(() => 0);
  let [best, at] = [Infinity, -1];
  for (let cell = 0; cell < data.kind.length; cell++) {
    if (!picture.has(cell)) continue;
    counts[data.kind[cell]]++;
    const steps = data.reached[cell];
    if (steps >= 0 && steps < best && head.kinds[data.kind[cell]] !== "diverged") [best, at] = [steps, cell];
  }
  const words = {
    converged: _("converge"),
    stuck: _("get stuck"),
    moving: isBasins ? _("are not there yet") : _("still move"),
    unbounded: _("fall for ever"),
    diverged: _("diverge"),
  };
  const parts = Object.entries(words).flatMap(([name, text]) => {
    const share = counts[head.kinds.indexOf(name)] / done;
    return share > 0 ? [`${percent(share)} ${text}`] : [];
  });
  const runs = done.toLocaleString(document.documentElement.lang || "en");
  const first = _("{runs} runs: {parts}", {runs, parts: parts.join(", ")});
  if (at < 0 || !isDone) return first;
  const {x, y} = head;
  const columns = x.values.length;
  const named = (/** @type {import("./picture.js").Axis} */ axis, /** @type {number} */ value) =>
    `${axis.symbol || axis.title} ${short(value)}`;
  const place = `${named(x, x.values[at % columns])}, ${named(y, y.values[Math.floor(at / columns)])}`;
  return _("{first}. Quickest: {steps} steps at {place}", {first, steps: best, place});
}

/** @param {Picture} picture @param {number} place */
export function sayCell(picture, place) {
  const {head, columns} = picture;
  const cell = picture.cellAt(place);
  if (!cell) return "";
  const source = picture.sourceOf(place);
  const [i, j] = [source % columns, Math.floor(source / columns)];
  const [x, y] = [head.x, head.y];
  const names = `${x.symbol || x.title} ${short(x.values[i])}, ${y.symbol || y.title} ${short(y.values[j])}`;
  const kind = head.kinds[cell.kind];
  const end = head.points[cell.end];
  if (kind === "diverged") return _("{names}: diverged at step {step}", {names, step: cell.gone});
  if (end) {
    const kinds = {
      minimum: _("minimum"),
      maximum: _("maximum"),
      saddle: _("saddle"),
      degenerate: _("degenerate point"),
    };
    const where = `${kinds[end.kind]} (${end.at.map((part) => short(part)).join(", ")})`;
    return cell.settled < 0
      ? _("{names}: stays at the {where}", {names, where})
      : _("{names}: at the {where} from step {step}", {names, where, step: cell.settled});
  }
  const words = {converged: _("converged"), stuck: _("stuck"), moving: _("still moving"), unbounded: _("unbounded")};
  const outcome = words[/** @type {keyof typeof words} */ (kind)];
  const gap = short(cell.gap);
  return cell.reached < 0
    ? _("{names}: {outcome}, L {gap} above lowest", {names, outcome, gap})
    : _("{names}: {outcome}, {steps} steps to tolerance, L {gap} above lowest", {
        names,
        outcome,
        gap,
        steps: cell.reached,
      });
}
