// One panel: the range that is searched, the map behind it unless that is hidden, the samples, and one's own.

import {createCanvas} from "../canvas.js";
import {fromTemplate, setAttribute, setHidden, setText} from "../dom.js";
import {plotRect} from "../figure.js";
import {askedBy} from "../declarations.js";
import {panelLink} from "../grammar.js";
import {colorsOf, gapRange} from "../maps/colors.js";
import {drawFrame, showLegend} from "../maps/frame.js";
import {createPicture} from "../maps/picture.js";
import {createReader} from "../maps/reader.js";
import {short} from "../numbers.js";
import {createRequests, fetchJson} from "../requests.js";
import {_} from "../words.js";
import {calledOf, sayNumber, spanOf} from "./span.js";

/**
 * @typedef {import("../declarations.js").Values} Values
 * @typedef {import("./span.js").Range} Range
 * @typedef {import("./span.js").Span} Span
 * @typedef {import("./chart.js").Curve} Curve
 * @typedef {import("../server/types.js").Samples} Samples
 * @typedef {import("../server/types.js").SearchAnswer} Answer
 * @typedef {{frame: number, isHidden: boolean, color: string, ownColor: string, own: [number, number][]}} Look
 */

const FAR = 5; // pixels that a pointer may move in a click
const STEPS = 64; // across the range with an arrow key

/**
 * Say what a run has come to.
 * @param {Answer} answer @param {number | null} value
 */
export function sayValue({measure}, value) {
  if (value === null) return _("nothing");
  return measure === "steps" ? _("{value} steps", {value}) : short(value);
}

/**
 * @param {{page: import("../page.js").Page, tokens: () => import("../tokens.js").Tokens, scale: () => number,
 *   onAnswer: (isLive: boolean) => void, onPick: (x: number, y: number) => void, onRefusal: (message: string) => void,
 *   onLost: (isLost: boolean) => void, onBusy: (isBusy: boolean) => void, requestPaint: () => void,
 *   onMap: () => void}} options
 */
export function createPanel(options) {
  const {page, tokens, scale} = options;
  const {element, part} = fromTemplate("panel-template");
  const stage = /** @type {HTMLElement} */ (part("stage"));
  const canvas = createCanvas(part("canvas"));
  const image = document.createElement("canvas");
  /** @type {Answer | null} */
  let answer = null;
  /** @type {import("../maps/picture.js").Picture | null} */
  let picture = null;
  let isFilled = false;
  /** @type {[Span, Span] | null} */
  let spans = null;
  /** @type {[number, number] | null} shares of the sides: what is pointed at */
  let pointed = null;
  /** @type {{x: number, y: number} | null} */
  let held = null;
  let side = 0;
  let asked = "";
  /** @type {string | null} */
  let mapLink = null; // a query of defaults alone has none to write
  let isLive = false;
  let isHidden = true;
  /** @type {unknown[]} */
  let painted = [];

  const requests = createRequests({
    get: (url, signal) => fetchJson(url, {signal, language: page.language}),
    onAnswer(found) {
      answer = found;
      spans = [spanOf(found.x), spanOf(found.y)];
      options.onAnswer(isLive);
    },
    onRefusal: (refusal) => options.onRefusal(refusal.message),
    onLost: options.onLost,
    onBusy: options.onBusy,
  });
  const reader = createReader({
    language: page.language,
    onHead(head) {
      picture = createPicture(head);
      isFilled = false;
    },
    onBlock(block) {
      picture?.take(block);
      isFilled = false;
      painted = [];
      options.onMap();
    },
    onEnd: () => options.onMap(),
    onRefusal: options.onRefusal,
    onLost: options.onLost,
  });

  // Drawing -------------------------------------------------------------------------------------------------------

  const rect = () => plotRect(side, scale());

  /** The map as it is known now. @param {Answer} found */
  function fill(found) {
    if (!picture) return;
    const colors = colorsOf(picture, found.measure, gapRange([picture]));
    [image.width, image.height] = [picture.columns, picture.rows];
    const context = /** @type {CanvasRenderingContext2D} */ (image.getContext("2d"));
    const data = context.createImageData(picture.columns, picture.rows);
    picture.fill(new Uint32Array(data.data.buffer), colors.of, 0);
    context.putImageData(data, 0, 0);
    showLegend(part("legend"), colors);
    isFilled = true;
  }

  /** @param {ArrayLike<number>} point @returns {[number, number]} */
  function pixelsOf(point) {
    const {left, top, width, height} = rect();
    const [x, y] = /** @type {[Span, Span]} */ (spans);
    return [left + x.shareOf(point[0]) * width, top + (1 - y.shareOf(point[1])) * height];
  }

  /** @param {Look} look */
  function paint(look) {
    const now = [answer, ...Object.values(look), side, tokens(), scale(), pointed, isFilled];
    if (now.length === painted.length && now.every((one, at) => one === painted[at])) return;
    painted = now;
    canvas.clear();
    if (!answer || !spans || side < 80) return;
    const {context} = canvas;
    const {left, top, width, height} = rect();
    const hasMap = !look.isHidden && picture;
    if (hasMap && !isFilled) {
      fill(answer);
      painted[painted.length - 1] = isFilled;
    }
    context.fillStyle = tokens().rule;
    context.globalAlpha = 0.35;
    context.fillRect(left, top, width, height);
    context.globalAlpha = 1;
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    context.imageSmoothingEnabled = false;
    if (hasMap) context.drawImage(image, left, top, width, height);
    else if (look.isHidden) drawVeil(context);
    if (!look.isHidden) drawSearch(context, answer, look);
    drawDots(context, look.own, {
      ...answer.own,
      color: look.ownColor,
      count: look.own.length,
      isSquare: true,
      best: bestOf(answer.own.value, look.own.length),
    });
    if (pointed) drawCross(context, pointed);
    context.restore();
    drawFrame(context, [answer.x, answer.y], spans, {rect: rect(), side, tokens: tokens(), scale: scale()});
    // At the edge it must not be cut off.
    const {truth} = answer;
    if (!look.isHidden && truth.value !== null) drawStar(context, pixelsOf([truth.x, truth.y]), scale());
  }

  /** A question mark where the truth will be. @param {CanvasRenderingContext2D} context */
  function drawVeil(context) {
    const {left, top, width, height} = rect();
    context.fillStyle = tokens().quiet;
    context.globalAlpha = 0.16;
    context.font = `700 ${height * 0.55}px ${tokens().font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText("?", left + width / 2, top + height / 2);
    context.globalAlpha = 1;
  }

  /** @param {CanvasRenderingContext2D} context @param {Answer} found @param {Look} look */
  function drawSearch(context, {samples, fine_box: box, rounds}, {frame, color}) {
    const drawing = scale();
    if (box && frame > rounds[0]) {
      const [[x0, y0], [x1, y1]] = [pixelsOf([box[0], box[2]]), pixelsOf([box[1], box[3]])];
      for (const [stroke, thickness] of /** @type {[string, number][]} */ ([
        ["#ffffff", 4],
        [color, 2],
      ])) {
        context.strokeStyle = stroke;
        context.lineWidth = thickness * drawing;
        context.setLineDash(thickness < 3 ? [6 * drawing, 4 * drawing] : []);
        context.strokeRect(x0, y1, x1 - x0, y0 - y1);
      }
      context.setLineDash([]);
    }
    const points = samples.x.map((x, at) => /** @type {[number, number]} */ ([x, samples.y[at]]));
    const count = Math.min(frame, points.length);
    drawDots(context, points, {...samples, color, count, isSquare: false, best: bestOf(samples.value, count)});
  }

  /**
   * Numbered samples; failures are pale, the best has a ring.
   * @param {CanvasRenderingContext2D} context @param {[number, number][]} points
   * @param {{value: Curve, color: string, count: number, isSquare: boolean, best: number}} how
   */
  function drawDots(context, points, {value, color, count, isSquare, best}) {
    const drawing = scale();
    const radius = (points.length <= 40 ? 9 : points.length <= 100 ? 7 : 4.5) * drawing;
    context.font = `600 ${radius * 1.15}px ${tokens().font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const order = Array.from({length: count}, (_dot, at) => at);
    // The best lies on top.
    if (best >= 0) order.push(...order.splice(best, 1));
    for (const at of order) {
      const [x, y] = pixelsOf(points[at]);
      const isFailed = value[at] === null;
      const outline = () => {
        context.beginPath();
        if (isSquare) context.rect(x - radius * 0.9, y - radius * 0.9, radius * 1.8, radius * 1.8);
        else context.arc(x, y, radius, 0, 2 * Math.PI);
      };
      if (at === best) {
        for (const [stroke, size] of /** @type {[string, number][]} */ ([
          ["#ffffff", 4.4],
          ["#000000", 1.8],
        ])) {
          context.strokeStyle = stroke;
          context.lineWidth = size * drawing;
          context.beginPath();
          context.arc(x, y, radius + 5 * drawing, 0, 2 * Math.PI);
          context.stroke();
        }
      }
      outline();
      context.fillStyle = isFailed ? "rgb(255 255 255 / 55%)" : "#ffffff";
      context.fill();
      context.strokeStyle = color;
      context.lineWidth = 2 * drawing;
      context.setLineDash(isFailed ? [2 * drawing, 2 * drawing] : []);
      context.stroke();
      context.setLineDash([]);
      if (points.length > 100) continue;
      context.fillStyle = isFailed ? "#4a4a4a" : "#111827";
      context.fillText(String(at + 1), x, y + 0.5 * drawing);
    }
  }

  /** The best of the whole map. @param {CanvasRenderingContext2D} context @param {[number, number]} at @param {number} drawing */
  function drawStar(context, [x, y], drawing) {
    for (const [stroke, size] of /** @type {[string, number][]} */ ([
      ["#ffffff", 6],
      ["#000000", 2.6],
    ])) {
      context.strokeStyle = stroke;
      context.lineWidth = size * drawing;
      context.beginPath();
      for (const turn of [0, 1, 2]) {
        const angle = (turn * Math.PI) / 3;
        const [dx, dy] = [Math.sin(angle) * 9 * drawing, Math.cos(angle) * 9 * drawing];
        context.moveTo(x - dx, y - dy);
        context.lineTo(x + dx, y + dy);
      }
      context.stroke();
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {[number, number]} shares */
  function drawCross(context, [x, y]) {
    const {left, top, width, height} = rect();
    const [px, py] = [Math.round(left + x * width) + 0.5, Math.round(top + (1 - y) * height) + 0.5];
    for (const [color, thickness] of /** @type {[string, number][]} */ ([
      ["#ffffff", 3],
      ["#000000", 1],
    ])) {
      context.strokeStyle = color;
      context.globalAlpha = 0.6;
      context.lineWidth = thickness;
      context.beginPath();
      context.moveTo(left, py);
      context.lineTo(left + width, py);
      context.moveTo(px, top);
      context.lineTo(px, top + height);
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  // Pointing ------------------------------------------------------------------------------------------------------

  /** @param {PointerEvent} event @returns {[number, number] | null} */
  function sharesAt(event) {
    const box = stage.getBoundingClientRect();
    const {left, top, width, height} = rect();
    const x = (event.clientX - box.left - left) / width;
    const y = 1 - (event.clientY - box.top - top) / height;
    return x >= 0 && x <= 1 && y >= 0 && y <= 1 ? [x, y] : null;
  }

  /** @param {[number, number]} shares */
  function say([x, y]) {
    if (!answer || !spans) return "";
    const values = [
      `${calledOf(answer.x)} = ${sayNumber(answer.x, spans[0].valueAt(x))}`,
      `${calledOf(answer.y)} = ${sayNumber(answer.y, spans[1].valueAt(y))}`,
    ];
    if (isHidden || !picture) return values.join(", ");
    const [i, j] = [x, y].map((share, at) => {
      const cells = at ? /** @type {any} */ (picture).rows : /** @type {any} */ (picture).columns;
      return Math.min(Math.floor(share * cells), cells - 1);
    });
    const cell = picture.cellAt(j * picture.columns + i);
    if (!cell) return values.join(", ");
    const isGone = ["diverged", "unbounded"].includes(answer.kinds[cell.kind]);
    const words =
      answer.measure === "steps"
        ? cell.reached < 0
          ? _("not reached")
          : _("{value} steps", {value: cell.reached})
        : `L ${short(cell.gap)}`;
    return `${values.join(", ")}: ${isGone ? _("diverged") : words}`;
  }

  /** @param {boolean} [isSpoken] */
  function showReadout(isSpoken = false) {
    const words = pointed ? say(pointed) : "";
    setHidden(part("readout"), !words);
    setText(part("readout"), words);
    if (isSpoken) setText(part("spoken"), words);
    options.requestPaint();
  }

  /** @param {[number, number]} shares */
  function pickAt([x, y]) {
    if (spans) options.onPick(spans[0].valueAt(x), spans[1].valueAt(y));
  }

  stage.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && sharesAt(event)) held = {x: event.clientX, y: event.clientY};
  });
  stage.addEventListener("pointermove", (event) => {
    pointed = sharesAt(event);
    showReadout();
  });
  stage.addEventListener("pointerup", (event) => {
    const shares = sharesAt(event);
    if (held && shares && Math.hypot(event.clientX - held.x, event.clientY - held.y) <= FAR) pickAt(shares);
    held = null;
  });
  stage.addEventListener("pointercancel", () => (held = null));
  stage.addEventListener("pointerleave", () => {
    pointed = null;
    showReadout();
  });
  part("canvas").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const moves = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};
    const move = moves[/** @type {keyof typeof moves} */ (event.key)];
    if (event.key === "Enter" && pointed) pickAt(pointed);
    else if (event.key === "Escape") pointed = null;
    else if (move) {
      const size = (event.shiftKey ? 8 : 1) / STEPS;
      const start = pointed ?? [0.5, 0.5];
      const to = start.map((at, axis) => Math.min(Math.max(at + move[axis] * size, 0), 1));
      pointed = /** @type {[number, number]} */ (to);
    } else return;
    event.preventDefault();
    event.stopPropagation();
    showReadout(true);
  });
  part("canvas").addEventListener("blur", () => {
    pointed = null;
    showReadout();
  });

  const sizes = new ResizeObserver(([{contentRect}]) => {
    const newSide = Math.floor(Math.min(contentRect.width, contentRect.height));
    if (newSide === side || newSide < 80) return;
    side = newSide;
    canvas.resize(side, side);
    options.requestPaint();
  });
  sizes.observe(part("square"));

  /** Ask for the map, once it is wanted. */
  function askMap() {
    if (isHidden || mapLink === null) return;
    const root = page.api.slice(0, page.api.lastIndexOf("/"));
    reader.ask(`${root}/search_map?${mapLink}`);
  }

  return {
    element,
    get answer() {
      return answer;
    },
    /** The best that the map itself has, as far as it is known. */
    get truth() {
      return answer && !isHidden ? answer.truth.value : null;
    },
    /** @param {Values} values @param {import("../store.js").How} how */
    follow(values, how) {
      isLive = how === "drag";
      const link = panelLink(page.keys, values, askedBy(page.keys, "search_map"));
      // While a slider is dragged, the map waits: it takes longer than what is seen of it.
      if (!isLive) {
        mapLink = link;
        askMap();
      }
      const url = `${page.api}?${panelLink(page.keys, values)}`;
      if (url === asked) return;
      asked = url;
      requests.ask(url, {isUrgent: !isLive});
    },
    /** @param {boolean} hidden */
    setHidden(hidden) {
      isHidden = hidden;
      setHidden(part("legend"), hidden);
      askMap();
    },
    /** Measured by something else, the colours are others. */
    recolor() {
      isFilled = false;
    },
    /** @param {string} letter @param {string} name @param {string} takeaway */
    name(letter, name, takeaway) {
      setText(part("letter"), letter);
      setHidden(part("letter"), !letter);
      setText(part("name"), name);
      setText(part("takeaway"), takeaway);
      setAttribute(part("takeaway"), "title", takeaway);
      const how = _("arrow keys move a cross-hair, Enter places a sample");
      setAttribute(part("canvas"), "aria-label", `${[letter, name, takeaway].filter(Boolean).join(": ")}; ${how}`);
    },
    paint,
    redraw() {
      isFilled = false;
      painted = [];
    },
    /** Forget what is under way. */
    stop() {
      requests.stop();
      reader.stop();
      asked = "";
    },
  };
}

/** @typedef {ReturnType<typeof createPanel>} Panel */

/**
 * Which of the first so many values is the lowest; -1 if all have failed.
 * @param {Curve} values @param {number} count
 */
export function bestOf(values, count) {
  let best = -1;
  values.slice(0, count).forEach((value, at) => {
    // Of what has just been placed nothing is known yet.
    if (value !== null && value !== undefined && (best < 0 || value < Number(values[best]))) best = at;
  });
  return best;
}
