// What every lab's page has around its figure: the state and its address, presets, comparison, controls, time, keys.

import {createAddress} from "./address.js";
import {createCompare} from "./compare.js";
import {createGroups} from "./controls/groups.js";
import {byId, setChildren, setHidden} from "./dom.js";
import {createPainter, createSeldom} from "./frames.js";
import {parse, print, printValue, valuesOf} from "./grammar.js";
import {
  createFullScreen,
  createHelp,
  createLanguage,
  createPresets,
  createShare,
  createTheme,
  opened,
  presetOf,
} from "./menu.js";
import {frameOf, measureTime, readPage} from "./page.js";
import {createPlayer} from "./player.js";
import {createSheet} from "./sheet.js";
import {createStatus} from "./status.js";
import {createStore} from "./store.js";
import {createTimeline, listenToKeys} from "./timeline.js";
import {readTokens} from "./tokens.js";
import {setMessages} from "./words.js";

/**
 * @typedef {import("./page.js").State} State
 * @typedef {import("./store.js").How} How
 * @typedef {import("./declarations.js").Value} Value
 * @typedef {import("./declarations.js").Picked} Picked
 */

const SAY_PAUSE_MS = 100; // while values move, nobody reads faster

/**
 * The story that a visitor follows, told above the figure: its steps are links, and leaving it is a change like others.
 * @param {import("./page.js").Store} store
 */
function createStory(store) {
  const bar = document.getElementById("story");
  if (!bar) return {show() {}, turn() {}};
  byId("story-close").addEventListener("click", () => {
    const {values} = store.get();
    store.update({values: {...values, story: "none"}}, "finished");
  });
  return {
    /** @param {State} state */
    show({values}) {
      setHidden(bar, values.story === "none");
    },
    /** @param {"prev" | "next"} where */
    turn(where) {
      const link = bar.hidden ? null : bar.querySelector(`a[rel="${where}"]`);
      if (link instanceof HTMLAnchorElement) link.click();
    },
  };
}

/**
 * Wire a lab's page. Nothing is drawn before `begin()`.
 *
 * @param {object} options
 * @param {Partial<State>} [options.own] what this lab's window remembers beside the query
 * @param {(state: State, panel: number) => number} [options.lastStepOf] the last step that a panel has; by default its
 *   value of `steps`
 * @param {(state: State, how: How) => void} options.follow the query has changed: ask, and show so many panels
 * @param {() => void} options.paint draw whatever has changed; called at most once in a frame
 * @param {(state: State) => void} [options.say] say what the answers say
 * @param {(state: State, previous: State, how: How) => void} [options.look] the state has changed, its query or not
 * @param {() => (any | null)[]} [options.answers] the panels' answers, for the controls that speak of them
 * @param {(key: string) => Value} [options.effective] the value in force of a key that is left open
 * @param {() => void} [options.redraw] colours or sizes have changed
 * @param {{[key: string]: () => void}} [options.keys] what keys do, beside those of every lab
 * @param {(values: import("./declarations.js").Values, key: string) => import("./declarations.js").Values} [options.settle]
 *   what else a change of `key` changes
 * @param {import("./controls/groups.js").Editors} [options.editors] controls that no other lab has
 * @param {import("./controls/groups.js").Grab} [options.grab] a slider is about to be dragged
 */
export function createLab({
  own = {},
  lastStepOf,
  follow,
  paint,
  say = () => {},
  look = () => {},
  answers = () => [],
  effective = () => null,
  redraw = () => {},
  keys = {},
  settle = (values) => values,
  editors = {},
  grab,
}) {
  const page = readPage();
  setMessages(page.messages);
  if (lastStepOf) measureTime(lastStepOf);

  // State and address -----------------------------------------------------------------------------------------------

  const first = parse(page.keys, page.query);
  const preset = history.state?.preset ?? presetOf(page, first);
  const store = createStore(
    /** @type {State} */ ({
      ...first,
      preset,
      home: page.presets.find(({name}) => name === preset)?.query ?? page.query,
      selected: 0,
      isPlaying: false,
      speed: 20,
      isLog: true,
      hasInspector: false,
      isDeep: false,
      ...own,
    }),
  );

  // An address without any key opens the first preset, so that a query of defaults alone names one.
  const linkOf = (/** @type {State} */ state) => {
    const [key] = page.keys;
    return `?${print(page.keys, state) || `${key.name}=${printValue(key, state.values[key.name]).join()}`}`;
  };
  history.replaceState({preset}, "", linkOf(store.get()));
  const address = createAddress({history}, linkOf(store.get()), {preset});

  let tokens = readTokens();
  const status = createStatus();
  const painter = createPainter(paint);
  const player = createPlayer(store, {isStill: () => matchMedia("(prefers-reduced-motion: reduce)").matches});
  const hasTime = document.getElementById("scrub") !== null;
  const timeline = hasTime ? createTimeline(store, player) : null;
  const story = createStory(store);
  const presets = createPresets(page, store);
  const compare = createCompare(page, store, effective);
  const groups = createGroups(
    page.keys,
    /** @type {string[]} */ (first.values.hide),
    {
      change,
      complain: status.complain,
      select: (selected) => store.update({selected}, "look"),
      timeOf: (panel) => ({step: frameOf(store.get()), last: Number(valuesOf(store.get(), panel).steps)}),
      grab,
    },
    editors,
  );
  const sayNow = () => {
    groups.show(store.get(), answers());
    say(store.get());
  };
  const words = createSeldom(sayNow, SAY_PAUSE_MS);

  /** @param {number} panel @param {string} key @param {Value} value @param {How} how */
  function change(panel, key, value, how) {
    status.clear();
    const {values, vs, selected} = store.get();
    if (panel === 1) return store.update({vs: {...vs, [key]: value}}, how);
    const isOther =
      key === "surface" && /** @type {Picked} */ (values.surface).name !== /** @type {Picked} */ (value).name;
    const next = {...settle({...values, [key]: value}, key)};
    // Places belong to the surface that they were chosen on.
    if (isOther) for (const {name, kind} of page.keys) if (kind === "numbers") next[name] = null;
    if (isOther) store.update({preset: ""}, "look");
    const runs = /** @type {Picked[] | undefined} */ (next.run);
    store.update({values: next, selected: runs ? Math.min(selected, runs.length - 1) : selected}, how);
  }

  /** @param {State} state @param {State} previous */
  const isQueryChanged = (state, previous) =>
    state.vs !== previous.vs ||
    page.keys.some(
      (key) => (key.role === "query" || key.group) && state.values[key.name] !== previous.values[key.name],
    );

  let isDragged = false;
  store.subscribe((state, previous, how) => {
    if (state.values !== previous.values || state.vs !== previous.vs) {
      const mark = {preset: state.preset};
      if (how === "finished") address.finish(linkOf(state), mark);
      else if (how === "restore") address.restore(linkOf(state), mark);
      else if (how !== "look") address.follow(() => linkOf(state), how);
      // The last value of a drag is asked for once more when it is let go: then everything is, not only what moves.
      const isLetGo = isDragged && how === "finished";
      if (how === "finished" || how === "drag") isDragged = how === "drag";
      if (how === "restore" || isLetGo || isQueryChanged(state, previous)) {
        follow(state, how);
        groups.show(state, answers());
        if (how !== "drag") words.now();
      }
    }
    look(state, previous, how);
    timeline?.show(state);
    if (state.values.story !== previous.values.story) story.show(state);
    if (state.preset !== previous.preset) presets.show(state);
    if (state.vs !== previous.vs) compare.show(state);
    // While a value is dragged, nothing moves before the answer, which is painted when it comes; places move at once.
    const areSamePlaces = page.keys.every(
      ({name, kind}) => kind !== "numbers" || state.values[name] === previous.values[name],
    );
    if (how !== "drag" || !areSamePlaces || state.vs !== previous.vs) painter.request();
  });

  addEventListener("popstate", (event) => {
    const isPreset = event.state?.preset ?? "";
    const search = location.search.slice(1);
    store.update({...parse(page.keys, search), preset: isPreset, selected: 0, isPlaying: false}, "restore");
  });

  // Header, keys, sizes ---------------------------------------------------------------------------------------------

  byId("reset").addEventListener("click", () => {
    const {home} = store.get();
    const name = presetOf(page, parse(page.keys, home));
    status.clear();
    store.update({...opened(page, store.get(), home), preset: name}, "finished");
  });
  createShare(status.notice);
  createTheme(retheme);
  matchMedia("(min-width: 1600px)").addEventListener("change", retheme);
  createLanguage((lang) => linkOf({...store.get(), values: {...store.get().values, lang}}));
  createSheet();
  const timeKeys = {
    " ": player.toggle,
    ArrowLeft: () => player.move(-1),
    ArrowRight: () => player.move(1),
    Home: () => player.goTo(0),
    End: () => player.goTo(Infinity),
  };
  listenToKeys({
    ...(hasTime && timeKeys),
    g: createFullScreen(),
    "?": createHelp(),
    PageUp: () => story.turn("prev"),
    PageDown: () => story.turn("next"),
    ...keys,
  });

  function retheme() {
    tokens = readTokens();
    redraw();
    painter.request();
  }

  return {
    page,
    store,
    status,
    player,
    painter,
    /** Say what the answers say, at once or when the pause since the last time is over. */
    words,
    /** Colours and sizes, as the style sheets have them now. */
    tokens: () => tokens,
    /** How much larger than on a laptop things are drawn. */
    scale: () => Math.min(Math.max(tokens.size / 15, 0.9), 1.6),
    /** How many panels are shown. @param {State} [state] */
    panelCount: (state = store.get()) => (Object.keys(state.vs).length ? 2 : 1),
    /** Show the time line again: an answer has told how long it is. */
    showTime: () => timeline?.show(store.get()),
    /** Show so many of the panels that have been made. @param {HTMLElement[]} elements */
    showPanels(elements) {
      const place = byId("panels");
      const count = String(elements.length);
      place.dataset.count = count;
      document.documentElement.dataset.panels = String(Math.min(elements.length, 2));
      setChildren(place, elements);
    },
    /** Tell tests, and whoever measures, that all is drawn for the first time. */
    isReady() {
      const root = document.documentElement;
      if (root.dataset.ready) return;
      root.dataset.ready = "true";
      this.hasContour();
    },
    /** Tell who measures that every panel shows contours. */
    hasContour() {
      if (!performance.getEntriesByName("contour").length) performance.mark("contour");
    },
    /** Ask for everything for the first time. */
    begin() {
      const state = store.get();
      follow(state, "restore");
      timeline?.show(state);
      presets.show(state);
      compare.show(state);
      words.now();
    },
  };
}

/** @typedef {ReturnType<typeof createLab>} Lab */
