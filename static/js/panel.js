// One panel: it asks for its race and its surface, and draws them.

import {createCanvas} from "./canvas.js";
import {createDeepView} from "./deep.js";
import {fromTemplate, setAttribute, setText} from "./dom.js";
import {createFigure, plotRect} from "./figure.js";
import {areSame, exitOf, finiteRows, squareUp} from "./geometry.js";
import {panelLink} from "./grammar.js";
import {levelsOf} from "./levels.js";
import {drawScene} from "./overlay.js";
import {createRequests, fetchJson} from "./requests.js";
import {styleOf} from "./styles.js";
import {decodeAll} from "./wire.js";
import {_} from "./words.js";

/**
 * @typedef {import("./geometry.js").Ranges} Ranges
 * @typedef {import("./wire.js").Tensor} Tensor
 * @typedef {import("./declarations.js").Picked} Picked
 * @typedef {import("./declarations.js").Values} Values
 * @typedef {import("./store.js").How} How
 * @typedef {{optimizer: string, title: string, hyperparameters: {[name: string]: any}, params: Tensor, loss: Tensor,
 *   gap: Tensor, grads?: Tensor, updates?: Tensor, learning_rate?: Tensor, state?: {[name: string]: Tensor},
 *   outcome: string, sentence: string, converged_at: number | null, diverged_at: number | null,
 *   reached_at: number | null, left_view_at: number | null}} Run
 * @typedef {{surface: {name: string, title: string, axes: string[], view: [[number, number], [number, number]],
 *   start: [number, number], lowest: number, minima: {at: number[], loss: number}[], hessian: {kappa: number | null,
 *   eigenvalues: number[], max_learning_rate: number | null} | null}, takeaway: string, notes: string[],
 *   runs: Run[]}} Answer
 */

// What shapes the surface wherever it is looked at from.
const SHAPING = ["surface", "scaler", "penalty", "seed"];
const ALL_FIELDS = "fields=grads,updates,learning_rate,state";
const REST_MS = 60;
const MOST_LIVE_ROWS = 4500; // beyond, gradients are fetched at rest only

/**
 * @param {{index: number, page: import("./page.js").Page, tokens: () => import("./tokens.js").Tokens,
 *   scale: () => number, onAnswer: (isLive: boolean) => void, onZoomed: (ranges: Ranges) => void,
 *   onRefusal: (message: string) => void, onLost: (isLost: boolean) => void, onBusy: (isBusy: boolean) => void,
 *   onPainted: () => void, requestPaint: () => void}} options
 */
export function createPanel(options) {
  const {index, page, tokens, scale} = options;
  const {element, part} = fromTemplate("panel-template");
  const stage = /** @type {HTMLElement} */ (part("stage"));
  const plot = /** @type {HTMLElement} */ (part("plot"));
  const canvas = createCanvas(part("overlay"));
  element.dataset.panel = String(index);

  /** @type {Answer | null} */
  let answer = null;
  /** @type {import("./figure.js").Grid | null} */
  let grid = null;
  /** @type {Ranges | null} */
  let drawn = null; // where the contours are
  /** @type {Ranges | null} */
  let zooming = null; // where the plot is while it is being moved
  /** @type {Values} */
  let values = {};
  /** @type {Picked[]} */
  let runs = [];
  let shape = "";
  let asked = "";
  let isLive = false;
  let hasDetails = false;
  let side = 0;
  let isChanged = false;
  let isSheetDue = false;
  let isDrawing = false;
  let isHandedOver = false;
  /** @type {unknown[]} */
  let painted = []; // what the canvas was last painted from
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let handingOver;

  /** @type {Awaited<ReturnType<typeof createFigure>> | null} */
  let figure = null;
  const making = createFigure(plot, {
    onZooming(ranges) {
      zooming = ranges;
      options.requestPaint();
    },
    onZoomed(ranges) {
      zooming = ranges;
      options.onZoomed(ranges);
    },
  }).then((made) => {
    figure = made;
    drawSheet();
  });

  const get = (/** @type {string} */ url, /** @type {AbortSignal} */ signal) =>
    fetchJson(url, {signal, language: page.language});
  const shared = {
    get,
    onRefusal: (/** @type {Error} */ refusal) => options.onRefusal(refusal.message),
    onLost: () => options.onLost(true),
    onBusy: options.onBusy,
  };
  const races = createRequests({
    ...shared,
    onAnswer(coded, url) {
      options.onLost(false);
      answer = /** @type {Answer} */ (decodeAll(coded));
      runs = /** @type {Picked[]} */ (values.run);
      isChanged = true;
      letGo();
      if (url === asked && !isLive) settle();
      options.onAnswer(isLive);
    },
  });

  const surfaces = createRequests({
    ...shared,
    onAnswer(coded) {
      options.onLost(false);
      const {x, y, loss, gap, view} = decodeAll(coded);
      grid = {x: x.data, y: y.data, loss: loss.data, levels: levelsOf(gap.data)};
      drawn = /** @type {Ranges} */ (view.flat());
      zooming = null;
      drawSheet();
      if (answer && !isLive) checkView();
      options.onAnswer(isLive);
    },
  });

  /** The paths below are old: they are hidden, and drawn above until they are handed over again. */
  function letGo() {
    isHandedOver = false;
    stage.classList.add("live");
  }

  const isEqual = () => answer?.surface.hessian != null;

  /** Where this panel looks: as the link says, else as the server does; with equal axes where shape is the message. */
  function wantedRanges() {
    const view = values.view ?? answer?.surface.view.flat();
    if (!view) return null;
    return isEqual() ? squareUp(/** @type {Ranges} */ (view)) : /** @type {Ranges} */ (view);
  }

  function hasUnequalAxes() {
    const ranges = zooming ?? drawn;
    if (!ranges || !answer || isEqual()) return false;
    const [width, height] = [ranges[1] - ranges[0], ranges[3] - ranges[2]];
    return Math.abs(width - height) > 0.01 * width;
  }

  function checkView() {
    if (surfaces.isWaiting) return; // its answer comes back here
    const wanted = wantedRanges();
    if (wanted && !areSame(wanted, drawn)) askSurface(wanted, true);
  }

  /** @param {Ranges | null} view @param {boolean} isUrgent */
  function askSurface(view, isUrgent) {
    const where = view ? `view=${view.join(",")}` : panelLink(page.keys, values, ["start", "view"]);
    surfaces.ask(`${page.surfaceApi}?${[shape, where].filter(Boolean).join("&")}`, {isUrgent});
  }

  function settle() {
    checkView();
    // Not in the same frame as the answer, which is to be seen at once.
    clearTimeout(handingOver);
    handingOver = setTimeout(drawSheet, REST_MS);
  }

  /** Draw axes, contours and, at rest, the paths that can be hovered: once for all that changed since. */
  async function drawSheet() {
    isSheetDue = true;
    if (isDrawing || !figure || !grid || !drawn || !side) return;
    isDrawing = true;
    clearTimeout(handingOver);
    while (isSheetDue) {
      isSheetDue = false;
      const paths = isLive ? [] : pathsAtRest();
      await figure.draw(sheet(), paths);
      // What is drawn below need not be drawn above; meanwhile a drag may have begun.
      isHandedOver = !isLive && paths.length > 0;
      stage.classList.toggle("live", !isHandedOver);
    }
    isDrawing = false;
    isChanged = true;
    options.requestPaint();
  }

  const pathsAtRest = () =>
    (answer?.runs ?? []).map((run, at) => ({
      slot: runs[at]?.slot ?? at,
      title: run.title,
      params: run.params,
      loss: run.loss,
    }));

  const sheet = () => ({
    grid: /** @type {NonNullable<typeof grid>} */ (grid),
    ranges: /** @type {Ranges} */ (drawn),
    axes: answer?.surface.axes ?? ["", ""],
    isEqual: isEqual(),
    tokens: tokens(),
    side,
    scale: scale(),
  });

  /** @param {Answer} race @param {Ranges} ranges @param {number} frame @param {number} selected */
  const sceneOf = (race, ranges, frame, selected) => ({
    ranges,
    rect: plotRect(side, scale()),
    frame,
    isWhole: !isHandedOver,
    selected,
    minima: race.surface.minima,
    tokens: tokens(),
    scale: scale(),
    runs: race.runs.map((run, at) => ({
      params: run.params,
      rows: finiteRows(run.params),
      grads: run.grads,
      style: styleOf(runs[at]?.slot ?? at),
    })),
  });

  let axesShown = "";
  const deepButton = part("deep");
  const takeaway = part("takeaway");
  const scales = part("scales");
  const deep = createDeepView(part("deep-view"), {
    sheet: () => (grid && drawn ? sheet() : null),
    paths: pathsAtRest,
    onBusy: options.onBusy,
  });

  return {
    element,
    part,
    stage,
    making,
    /**
     * Follow the values of this panel.
     * @param {Values} newValues
     * @param {How} how
     * @param {boolean} wantsDetails
     */
    follow(newValues, how, wantsDetails) {
      values = newValues;
      const newShape = panelLink(page.keys, values, SHAPING);
      const link = panelLink(page.keys, values);
      isLive = how === "drag";
      const rows = Number(values.steps) * /** @type {Picked[]} */ (values.run).length;
      const fields = !isLive && wantsDetails ? ALL_FIELDS : isLive && rows > MOST_LIVE_ROWS ? "" : "fields=grads";
      const url = `${page.api}?${[link, fields].filter(Boolean).join("&")}`;
      if (newShape !== shape) {
        shape = newShape;
        askSurface(null, !isLive);
      }
      if (isLive) letGo();
      if (url !== asked) {
        asked = url;
        races.ask(url, {isUrgent: !isLive});
      } else if (!isLive && answer) {
        settle();
      }
      hasDetails = wantsDetails;
    },
    /** Forget what is under way. */
    stop() {
      races.stop();
      surfaces.stop();
      asked = shape = "";
    },
    /**
     * @param {number} newSide of the square figure, in pixels
     */
    resize(newSide) {
      if (newSide === side || newSide < 80) return;
      side = newSide;
      canvas.resize(side, side);
      drawSheet();
      options.requestPaint();
    },
    redraw: drawSheet,
    /**
     * Draw what moves.
     * @param {{frame: number, selected: number, isDeep: boolean}} state
     */
    paint({frame, selected, isDeep}) {
      if (!answer || !side) return;
      deep.show(isDeep);
      setAttribute(deepButton, "aria-pressed", String(isDeep));
      const ranges = zooming ?? drawn ?? wantedRanges();
      if (!ranges) return;
      deep.follow(frame, isChanged && !isLive);
      const look = [answer, ranges, frame, selected, isHandedOver, side, tokens(), isDeep];
      if (look.some((part, at) => part !== painted[at])) {
        painted = look;
        canvas.clear();
        if (!isDeep) drawScene(canvas.context, sceneOf(answer, ranges, frame, selected));
      }
      const names = answer.surface.axes.join();
      if (names !== axesShown && grid) {
        axesShown = names;
        drawSheet();
      }
      if (isChanged && figure?.isMade) {
        isChanged = false;
        options.onPainted();
      }
    },
    /** Say the takeaway; at rest also what a reader who does not see the plot should know. @param {() => string} text */
    describe(text) {
      if (!isLive) setAttribute(plot, "aria-label", text());
      setText(takeaway, answer?.takeaway ?? "");
      takeaway.title = answer?.takeaway ?? "";
      setText(scales, hasUnequalAxes() ? _("Axes have different scales.") : "");
    },
    /** Whether some path is out of the view at this frame. @param {number} frame */
    hasExits: (frame) => {
      const ranges = zooming ?? drawn;
      return Boolean(answer && ranges && answer.runs.some((run) => exitOf(run.params, frame, ranges)));
    },
    sheet,
    get answer() {
      return answer;
    },
    /** The runs that the answer belongs to. */
    get runs() {
      return runs;
    },
    get ranges() {
      return zooming ?? drawn;
    },
    get side() {
      return side;
    },
    get isReady() {
      return Boolean(answer && figure?.isMade);
    },
    get hasDetails() {
      return hasDetails && Boolean(answer?.runs[0]?.updates);
    },
  };
}

/** @typedef {ReturnType<typeof createPanel>} Panel */
