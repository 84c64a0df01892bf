// One panel: the surface with everything critical in view, one point looked at, and what came out beside it.

import {createCanvas} from "../canvas.js";
import {fromTemplate, make, setAttribute, setChildren} from "../dom.js";
import {createFigure, plotRect} from "../figure.js";
import {areSame, projection, squareUp} from "../geometry.js";
import {listenToPinch} from "../pinch.js";
import {createReadout, showLegend} from "../readout.js";
import {_} from "../words.js";
import {KINDS, iconOf, titleOf} from "./kinds.js";
import {createQuestions} from "./questions.js";
import {createResults} from "./results.js";
import {drawScene} from "./scene.js";

/**
 * @typedef {import("../geometry.js").Ranges} Ranges
 * @typedef {import("../declarations.js").Values} Values
 * @typedef {import("../store.js").How} How
 * @typedef {import("./scene.js").Answer} Answer
 * @typedef {import("./scene.js").Look} Look
 * @typedef {import("./kinds.js").Kind} Kind
 */

export const LAYERS = ["model", "vectors", "signs", "escapes"]; // flags of the link: what is drawn above the contours
const SNAP_PX = 12; // a click so near to a critical point means it

/**
 * @param {{index: number, page: import("../page.js").Page, tokens: () => import("../tokens.js").Tokens,
 *   scale: () => number, onAnswer: (isLive: boolean) => void, onZoomed: (ranges: Ranges) => void,
 *   onPoint: (point: [number, number]) => void, onScrub: (step: number) => void,
 *   onRefusal: (message: string) => void, onLost: (isLost: boolean) => void, onBusy: (isBusy: boolean) => void,
 *   onPainted: () => void, requestPaint: () => void}} options
 */
export function createPanel(options) {
  const {index, page, tokens, scale} = options;
  const {element, part} = fromTemplate("panel-template");
  const stage = /** @type {HTMLElement} */ (part("stage"));
  const plot = /** @type {HTMLElement} */ (part("plot"));
  const canvas = createCanvas(part("overlay"));
  const results = createResults(options);
  element.dataset.panel = String(index);

  /** @type {Answer | null} */
  let answer = null;
  /** @type {Look | null} */
  let look = null;
  /** @type {import("./scene.js").Escape | null} */
  let escape = null;
  /** @type {import("./scene.js").Curvature | null} */
  let curvature = null;
  /** @type {(import("../figure.js").Grid & {lowest: number}) | null} */
  let grid = null;
  /** @type {Ranges | null} */
  let drawn = null; // where the contours are
  /** @type {Ranges | null} */
  let zooming = null; // where the plot is while it is being moved
  /** @type {Values} */
  let values = {};
  let isLive = false;
  let side = 0;
  let isDue = false;
  let isDrawing = false;
  let isChanged = false;
  /** @type {unknown[]} */
  let painted = [];

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
    onAnswer(question, found) {
      if (question === "critical") {
        answer = /** @type {Answer} */ (found);
        showKinds(answer);
        checkView();
      } else if (question === "expansion") look = found.point;
      else if (question === "curvature") curvature = found;
      else if (question === "escape") escape = found;
      if (question === "network") results.showNetwork(found);
      else results.show(answer, look, escape);
      isChanged = true;
      options.onAnswer(isLive);
    },
    onSurface(newGrid, ranges) {
      grid = newGrid;
      drawn = ranges;
      zooming = null;
      showLegend(part("legend"), grid.levels);
      drawSheet();
    },
    onRefusal: options.onRefusal,
    onLost: options.onLost,
    onBusy: options.onBusy,
  });

  /** Contours where the points were looked for; with equal axes where shape is the message. */
  function checkView() {
    if (!answer) return;
    const view = /** @type {Ranges} */ (answer.surface.view.flat());
    const wanted = isEqual() ? squareUp(view) : view;
    if (!areSame(wanted, drawn) || grid?.lowest !== answer.surface.lowest) questions.askSurface(wanted);
  }

  const isEqual = () => Boolean(answer?.surface.is_quadratic);

  /** Draw axes and contours once for all that changed since. */
  async function drawSheet() {
    isDue = true;
    if (isDrawing || !figure || !grid || !drawn || !answer || !side) return;
    isDrawing = true;
    while (isDue) {
      isDue = false;
      const {axes} = answer.surface;
      const sheet = {grid, ranges: drawn, axes, isEqual: isEqual(), tokens: tokens(), side, scale: scale()};
      await figure.draw(sheet, []);
    }
    isDrawing = false;
    isChanged = true;
    options.requestPaint();
  }

  /** @param {Answer} found */
  function showKinds({counts, curves, areas, surface: {title}, takeaway, notes}) {
    const items = /** @type {Kind[]} */ (Object.keys(KINDS))
      .filter((kind) => counts[kind] > 0 || (kind === "degenerate" && curves.length > 0))
      .map((kind) => {
        const words = kind === "degenerate" && curves.length ? _("curves: {count}", {count: curves.length}) : "";
        const count = counts[kind] ? `${counts[kind]} ${titleOf(kind, counts[kind])}` : titleOf(kind, 0);
        return make("li", {}, iconOf(kind), [count, words].filter(Boolean).join(", "));
      });
    if (areas.length) items.push(make("li", {}, _("flat areas: {count}", {count: areas.length})));
    if (!items.length || notes.length)
      items.push(make("li", {class: "quiet"}, [...(items.length ? [] : [takeaway]), ...notes].join(" · ")));
    setChildren(part("kinds"), items);
    setAttribute(part("kinds"), "title", [takeaway, ...notes].join(" · "));
    setAttribute(plot, "aria-label", _("Contours of {title}. {takeaway}", {title, takeaway}));
  }

  /** What a pointer on the plot points into, where there is a plot. */
  function place() {
    const ranges = zooming ?? drawn;
    return grid && ranges ? {grid, ranges, rect: plotRect(side, scale())} : null;
  }
  createReadout(stage, part("readout"), place);
  listenToPinch(stage, place, async (ranges) => figure?.look(ranges));

  return {
    element,
    results,
    part,
    stage,
    /** Follow the values of this panel. @param {Values} newValues @param {How} how */
    follow(newValues, how) {
      values = newValues;
      isLive = how === "drag";
      questions.follow(values, ["critical", "expansion", "escape", "network"], isLive);
      if (values.signs) questions.follow(values, ["curvature"], isLive);
      isChanged = true;
    },
    stop: questions.stop,
    /** @param {number} newSide of the square figure, in pixels */
    resize(newSide) {
      if (newSide === side || newSide < 80) return;
      side = newSide;
      canvas.resize(side, side);
      drawSheet();
      options.requestPaint();
    },
    redraw: drawSheet,
    /** The critical point next to a place, if it is so near that it was meant. @param {[number, number]} point */
    snap(point) {
      const where = place();
      if (!answer || !where) return point;
      const at = projection(where.ranges, where.rect);
      const near = answer.points
        .map((one) => ({
          one,
          distance: Math.hypot((one.at[0] - point[0]) * at.scaleX, (one.at[1] - point[1]) * at.scaleY),
        }))
        .sort((a, b) => a.distance - b.distance)[0];
      return near && near.distance <= SNAP_PX ? near.one.at : point;
    },
    /** Draw what moves. @param {number} frame */
    paint(frame) {
      results.paint(escape, frame, tokens(), scale());
      const ranges = zooming ?? drawn;
      if (!answer || !look || !ranges || !side || !grid) return;
      const layers = Object.fromEntries(LAYERS.map((name) => [name, Boolean(values[name])]));
      const now = [answer, look, escape, curvature, ranges, grid, frame, side, tokens(), ...Object.values(layers)];
      if (now.some((one, at) => one !== painted[at])) {
        painted = now;
        const {low, high, step} = grid.levels;
        const losses = [];
        for (let level = low; level <= high + 1e-9; level += step) losses.push(grid.lowest + 10 ** level);
        canvas.clear();
        drawScene(canvas.context, {
          ranges,
          rect: plotRect(side, scale()),
          answer,
          look,
          escape,
          curvature,
          losses,
          drawn: layers,
          frame,
          tokens: tokens(),
          scale: scale(),
        });
      }
      if (isChanged && figure?.isMade) {
        isChanged = false;
        options.onPainted();
      }
    },
    get look() {
      return look;
    },
    /** The answers in the words of the parts that all labs share. */
    get answer() {
      if (!answer || !look) return null;
      const {surface} = answer;
      const effective = {learning_rate: escape?.learning_rate};
      return {surface: {...surface, hessian: surface.is_quadratic ? {} : null, start: look.at}, runs: [], effective};
    },
    /** The value in force of a key that the link leaves open. @param {string} key */
    effective(key) {
      if (key === "point") return look?.at ?? null;
      return key === "learning_rate" ? (escape?.learning_rate ?? null) : null;
    },
    get points() {
      return answer?.points ?? [];
    },
    get ranges() {
      return zooming ?? drawn;
    },
    get side() {
      return side;
    },
    get isReady() {
      return Boolean(answer && look && figure?.isMade);
    },
  };
}

/** @typedef {ReturnType<typeof createPanel>} Panel */
