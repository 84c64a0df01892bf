// One panel: it asks for its race and its surface, and draws them.

import {createCanvas} from "./canvas.js";
import {createDeepView} from "./deep.js";
import {fromTemplate, setAttribute, setText} from "./dom.js";
import {createFigure, plotRect} from "./figure.js";
import {areSame, exitOf, squareUp} from "./geometry.js";
import {drawScene, sceneOf} from "./overlay.js";
import {listenToPinch} from "./pinch.js";
import {createQuestions} from "./questions.js";
import {createReadout, showLegend} from "./readout.js";
import {_} from "./words.js";

/**
 * @typedef {import("./geometry.js").Ranges} Ranges
 * @typedef {import("./declarations.js").Picked} Picked
 * @typedef {import("./declarations.js").Values} Values
 * @typedef {import("./store.js").How} How
 * @typedef {import("./questions.js").Answer} Answer
 * @typedef {import("./questions.js").Run} Run
 */

const REST_MS = 60;

/**
 * @param {{index: number, page: import("./page.js").Page, tokens: () => import("./tokens.js").Tokens,
 *   scale: () => number, onAnswer: (isLive: boolean) => void, onZoomed: (ranges: Ranges) => void,
 *   onRefusal: (message: string) => void, onLost: (isLost: boolean) => void, onBusy: (isBusy: boolean) => void,
 *   onPainted: () => void, requestPaint: () => void, onContour?: () => void, hasWorker?: boolean}} options `hasWorker`: while something is
 *   dragged, a worker may ask and draw; `onContour`: the first contours are painted, before Plotly is there
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
  let selected = 0;
  /** @type {import("./fan.js").Fan | null} */
  let fan = null; // loaded when it is first opened
  /** @type {Picked[]} */
  let runs = [];
  let isLive = false;
  let side = 0;
  let isChanged = false;
  let isSheetDue = false;
  let isDrawing = false;
  let isHandedOver = false;
  let isMoving = false; // the surface itself: what is drawn below is another one
  let isOther = false; // … though its grid is there
  let hasContour = false; // something has been painted
  /** @type {unknown[]} */
  let painted = []; // what the canvas was last painted from
  /** @type {ReturnType<typeof lookOf> | null} */
  let look = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let handingOver;

  /** @type {Awaited<ReturnType<typeof createFigure>> | null} */
  let figure = null;
  createFigure(plot, {
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

  const questions = createQuestions({
    page,
    hasWorker: options.hasWorker,
    onRace(newAnswer, isCurrent) {
      answer = newAnswer;
      runs = /** @type {Picked[]} */ (values.run);
      isChanged = true;
      letGo();
      // Until Plotly has been loaded and has drawn, the canvas shows what it can.
      if (!figure?.isMade && isEqual() && newAnswer.surface.minima.length) {
        setMoving(true);
        isOther = grid !== null;
      }
      if (isCurrent && !isLive) settle();
      if (isCurrent) followFan();
      if (!figure?.isMade) drawSheet();
      options.onAnswer(isLive);
    },
    canvas: part("overlay"),
    onSurface(newGrid, ranges) {
      grid = newGrid;
      drawn = ranges;
      zooming = null;
      isOther = !questions.isMoving;
      showLegend(part("legend"), grid.levels);
      drawSheet();
      if (answer && !isLive) checkView();
      options.onAnswer(isLive);
    },
    onRefusal(message) {
      options.onRefusal(message);
      drawSheet(); // what there is
    },
    onLost: options.onLost,
    onBusy: options.onBusy,
  });

  /** The paths below are old: they are hidden, and drawn above until they are handed over again. */
  function letGo() {
    isHandedOver = false;
    stage.classList.add("live");
  }

  /** @param {boolean} moves */
  function setMoving(moves) {
    isMoving = moves;
    isOther = false;
    stage.classList.toggle("moving", moves);
  }

  const isEqual = () => answer?.surface.hessian != null;

  /** Where this panel looks: as the link says, else as the server does; with equal axes where shape is the message. */
  function wantedRanges() {
    const view = values.view ?? answer?.surface.view.flat();
    if (!view) return null;
    return isEqual() ? squareUp(/** @type {Ranges} */ (view)) : /** @type {Ranges} */ (view);
  }

  /** Where the panel looks now: with a surface that moves, where that is. */
  const shownRanges = () => (isMoving ? wantedRanges() : (zooming ?? drawn ?? wantedRanges()));

  function hasUnequalAxes() {
    const ranges = zooming ?? drawn;
    if (!ranges || !answer || isEqual()) return false;
    const [width, height] = [ranges[1] - ranges[0], ranges[3] - ranges[2]];
    return Math.abs(width - height) > 0.01 * width;
  }

  function checkView() {
    if (questions.isSurfaceComing) return; // its answer comes back here
    const wanted = wantedRanges();
    if (wanted && !areSame(wanted, drawn)) questions.askSurface(wanted, true);
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
    // The first picture is drawn once, when all of it is known: axes have their names from the race.
    if (!answer && questions.isRaceComing) return;
    isDrawing = true;
    clearTimeout(handingOver);
    while (isSheetDue) {
      isSheetDue = false;
      const isArrived = isOther;
      const paths = isLive ? [] : pathsAtRest();
      await figure.draw(sheet(), paths);
      // What is drawn below need not be drawn above; meanwhile a drag may have begun.
      isHandedOver = !isLive && paths.length > 0;
      stage.classList.toggle("live", !isHandedOver);
      if (isArrived) setMoving(false);
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

  /** @param {Ranges} ranges @param {number} frame @param {number} selected @param {boolean} isAway */
  const lookOf = (ranges, frame, selected, isAway) => ({
    ranges,
    rect: plotRect(side, scale()),
    frame,
    isWhole: !isHandedOver,
    selected,
    tokens: tokens(),
    scale: scale(),
    runs,
    side,
    isAway,
    isMoving,
    hasView: Boolean(values.view),
  });

  async function followFan() {
    if (!fan && (values.fan ?? "none") === "none") return;
    if (!fan) {
      const {createFan} = await import("./fan.js");
      fan ??= createFan(page, part("overlay"), () => options.onAnswer(isLive));
    }
    fan.follow(values, selected, answer, !isLive && !questions.isRaceComing);
  }

  let axesShown = "";
  const deepButton = part("deep");
  const takeaway = part("takeaway");
  const scales = part("scales");
  const deep = createDeepView(part("deep-view"), {
    sheet: () => (grid && drawn ? sheet() : null),
    paths: pathsAtRest,
    onBusy: options.onBusy,
  });

  /** What a pointer on the plot points into, where there is a plot. */
  function place() {
    const ranges = zooming ?? drawn;
    if (!grid || !ranges || !part("deep-view").hidden) return null;
    return {grid, ranges, rect: plotRect(side, scale())};
  }
  createReadout(stage, part("readout"), place);
  listenToPinch(stage, place, async (ranges) => figure?.look(ranges));

  return {
    element,
    part,
    stage,
    /**
     * Follow the values of this panel.
     * @param {Values} newValues
     * @param {How} how
     * @param {boolean} wantsDetails
     */
    follow(newValues, how, wantsDetails) {
      values = newValues;
      isLive = how === "drag";
      if (isLive) letGo();
      const drawsSurface = isEqual() && Boolean(answer?.surface.minima.length) && !look?.isAway;
      const isAsked = questions.follow(values, {
        isLive,
        wantsDetails,
        drawsSurface,
        seen: answer && look && {answer, look},
      });
      followFan();
      if (questions.isMoving && !isMoving) setMoving(true);
      else if (isMoving && !questions.isMoving && !questions.isSurfaceComing) setMoving(false); // back where it was
      if (!isAsked && !isLive && answer) settle();
      if (isLive && questions.live?.isOn) options.requestPaint(); // the worker draws in place of this canvas
    },
    stop: questions.stop,
    grab: questions.grab,
    /** Whether the slider that was grabbed can be dragged without the network, from rung to rung. */
    get hasLadder() {
      return questions.hasLadder;
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
    paint({frame, selected: newSelected, isDeep}) {
      if (newSelected !== selected) {
        selected = newSelected;
        followFan();
      }
      if (!answer || !side) return;
      deep.show(isDeep);
      setAttribute(deepButton, "aria-pressed", String(isDeep));
      const ranges = shownRanges();
      if (!ranges) return;
      deep.follow(frame, isChanged && !isLive);
      fan?.paint({ranges, rect: plotRect(side, scale()), side, tokens: tokens(), scale: scale()});
      const isDrawnLive = questions.live?.isOn ?? false;
      const looks = [...ranges, frame, selected, isHandedOver, side, tokens(), isDeep, isDrawnLive, isMoving];
      const isSame = looks.every((part, at) => part === painted[at]);
      if (!isSame || (answer !== painted[looks.length] && !isDrawnLive)) {
        painted = [...looks, answer];
        look = lookOf(ranges, frame, selected, isDeep);
        canvas.clear();
        if (isDrawnLive) questions.live?.look(look);
        else if (!isDeep) drawScene(canvas.context, sceneOf(answer, look));
        if (isMoving && !hasContour) {
          hasContour = true;
          options.onContour?.();
        }
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
      setAttribute(takeaway, "title", answer?.takeaway ?? "");
      setText(scales, hasUnequalAxes() ? _("Axes have different scales.") : "");
    },
    /** Whether some path is out of the view at this frame. @param {number} frame */
    hasExits: (frame) => {
      const ranges = zooming ?? drawn;
      return Boolean(answer && ranges && answer.runs.some((run) => exitOf(run.params, frame, ranges)));
    },
    get answer() {
      return answer;
    },
    /** What is to be said of what is drawn, beside the runs. */
    get notes() {
      return [...(answer?.notes ?? []), ...(fan?.note ? [fan.note] : [])];
    },
    /** The runs that the answer belongs to. */
    get runs() {
      return runs;
    },
    get ranges() {
      return shownRanges();
    },
    get side() {
      return side;
    },
    get hasContour() {
      return hasContour;
    },
    get isReady() {
      return Boolean(answer && figure?.isMade);
    },
  };
}

/** @typedef {ReturnType<typeof createPanel>} Panel */
