// One map: its picture, its axes, what theory says, where the run of the page stands, and the cell that is pointed at.

import {createCanvas} from "../canvas.js";
import {fromTemplate, setAttribute, setHidden, setText} from "../dom.js";
import {plotRect} from "../figure.js";
import {createPainter} from "../frames.js";
import {drawMarker, drawText} from "../strokes.js";
import {_} from "../words.js";
import {cssOf, pointColors} from "./colors.js";
import {drawFrame, showLegend} from "./frame.js";
import {sideOf} from "./picture.js";

/**
 * @typedef {import("./picture.js").Picture} Picture
 * @typedef {import("./picture.js").Side} Side
 * @typedef {import("./colors.js").Colors} Colors
 * @typedef {{picture: Picture, colors: Colors, letter: string, title: string, summary: string, runAt: (number | null)[],
 *   runColor: string, isDone: boolean, progress: string, more: string}} Sheet `more`: what the button says that gives runs longer
 */

const FAR = 5; // pixels that a pointer may move in a click
const COARSE = 64; // steps across the map with an arrow key
const MARKERS = {minimum: "circle", saddle: "cross", maximum: "triangle", degenerate: "diamond"};

/**
 * @param {{tokens: () => import("../tokens.js").Tokens, scale: () => number,
 *   onPick?: (x: number, y: number) => void, onZoom?: (x: [number, number], y: [number, number]) => void,
 *   onReset?: () => void, onMore?: () => void, say: (picture: Picture, cell: number) => string}} options
 */
export function createMapPanel({tokens, scale, onPick, onZoom, onReset, onMore, say}) {
  const {element, part} = fromTemplate("map-template");
  const stage = /** @type {HTMLElement} */ (part("stage"));
  const canvas = createCanvas(part("canvas"));
  const image = document.createElement("canvas");
  const painter = createPainter(paint);
  let side = 0;
  /** @type {Sheet | null} */
  let sheet = null;
  /** @type {[Side, Side] | null} */
  let sides = null;
  let isFilled = false;
  /** @type {[number, number] | null} shares of the sides: what is pointed at */
  let pointed = null;
  /** @type {{x: number, y: number, dx: number, dy: number} | null} */
  let held = null;
  for (const name of ["zoom-in", "zoom-out", "fit"]) setHidden(part(name), !onZoom);

  const rect = () => plotRect(side, scale());

  // Drawing -------------------------------------------------------------------------------------------------------

  function fill() {
    if (!sheet) return;
    const {picture, colors} = sheet;
    if (image.width !== picture.columns || image.height !== picture.rows) {
      [image.width, image.height] = [picture.columns, picture.rows];
    }
    const context = /** @type {CanvasRenderingContext2D} */ (image.getContext("2d"));
    const data = context.createImageData(picture.columns, picture.rows);
    picture.fill(new Uint32Array(data.data.buffer), colors.of, 0);
    context.putImageData(data, 0, 0);
    isFilled = true;
  }

  function paint() {
    canvas.clear();
    if (!sheet || !sides || side < 80) return;
    if (!isFilled) fill();
    const {context} = canvas;
    const {left, top, width, height} = rect();
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    context.imageSmoothingEnabled = false;
    context.drawImage(image, left + (held?.dx ?? 0), top + (held?.dy ?? 0), width, height);
    if (!held) drawAbove(context, sheet, sides);
    context.restore();
    const {x, y} = sheet.picture.head;
    drawFrame(context, [x, y], sides, {rect: rect(), side, tokens: tokens(), scale: scale()});
  }

  /** @param {[number, number]} shares */
  function pixelsOf([x, y]) {
    const {left, top, width, height} = rect();
    return [left + x * width, top + (1 - y) * height];
  }

  /** @param {CanvasRenderingContext2D} context @param {Sheet} shown @param {[Side, Side]} both */
  function drawAbove(context, {picture, runAt, runColor}, both) {
    const {points, edge} = picture.head;
    const sharesOf = (/** @type {ArrayLike<number>} */ at) =>
      /** @type {[number, number]} */ ([both[0].shareOf(at[0]), both[1].shareOf(at[1])]);
    const drawing = scale();
    if (edge) {
      for (const [color, thickness] of /** @type {[string, number][]} */ ([
        [tokens().paper, 5],
        [tokens().ink, 2.2],
      ])) {
        context.strokeStyle = color;
        context.lineWidth = thickness * drawing;
        context.setLineDash(thickness < 4 ? [7 * drawing, 4 * drawing] : []);
        context.beginPath();
        for (const at of edge) {
          const [x, y] = pixelsOf(sharesOf(at));
          context.lineTo(x, y);
        }
        context.stroke();
      }
      context.setLineDash([]);
      drawEdgeName(context, edge.map(sharesOf), drawing);
    }
    const colors = pointColors(points);
    points.forEach(({at, kind}, index) => {
      const [x, y] = pixelsOf(sharesOf(at));
      context.fillStyle = cssOf(colors[index]);
      context.strokeStyle = "#ffffff";
      context.lineWidth = 2 * drawing;
      drawMarker(context, /** @type {import("../styles.js").Marker} */ (MARKERS[kind]), x, y, 6 * drawing);
    });
    const [x, y] = runAt;
    if (x !== null && y !== null) {
      const place = pixelsOf(sharesOf([x, y]));
      for (const [color, thickness] of /** @type {[string, number][]} */ ([
        ["#ffffff", 5],
        [runColor, 2.4],
      ])) {
        context.strokeStyle = color;
        context.lineWidth = thickness * drawing;
        context.beginPath();
        context.arc(place[0], place[1], 8 * drawing, 0, 2 * Math.PI);
        context.stroke();
      }
    }
    if (pointed) {
      const [px, py] = pixelsOf(pointed).map((value) => Math.round(value) + 0.5);
      const {left, top, width, height} = rect();
      context.strokeStyle = tokens().ink;
      context.globalAlpha = 0.55;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(left, py);
      context.lineTo(left + width, py);
      context.moveTo(px, top);
      context.lineTo(px, top + height);
      context.stroke();
      context.globalAlpha = 1;
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {[number, number][]} shares @param {number} drawing */
  function drawEdgeName(context, shares, drawing) {
    const inside = shares.filter(([x, y]) => x > 0.02 && x < 0.98 && y > 0.05 && y < 0.95);
    if (!inside.length) return;
    const [x, y] = pixelsOf(inside[Math.floor(inside.length / 2)]);
    const {left, width} = rect();
    const isRight = x > left + width * 0.6;
    context.font = `600 ${12 * drawing}px ${tokens().font}`;
    context.textAlign = isRight ? "right" : "left";
    context.textBaseline = "middle";
    drawText(context, tokens(), _("theory"), x + (isRight ? -8 : 8) * drawing, y, tokens().ink);
  }

  // Pointing ------------------------------------------------------------------------------------------------------

  /** @param {PointerEvent | WheelEvent} event @returns {[number, number] | null} */
  function sharesAt(event) {
    const box = stage.getBoundingClientRect();
    const {left, top, width, height} = rect();
    const x = (event.clientX - box.left - left) / width;
    const y = 1 - (event.clientY - box.top - top) / height;
    return x >= 0 && x <= 1 && y >= 0 && y <= 1 ? [x, y] : null;
  }

  /** @param {[number, number]} shares */
  function placeAt([x, y]) {
    if (!sheet || !sides) return null;
    return sides[1].cellAt(y) * sheet.picture.columns + sides[0].cellAt(x);
  }

  function showReadout() {
    const place = pointed && placeAt(pointed);
    const has = place !== null && sheet?.picture.cellAt(place);
    setHidden(part("readout"), !has);
    if (has && sheet) setText(part("readout"), say(sheet.picture, place));
    painter.request();
  }

  /** @param {[number, number]} shares */
  function pickAt(shares) {
    const place = placeAt(shares);
    if (!sheet || place === null) return;
    const {columns, head} = sheet.picture;
    onPick?.(head.x.values[place % columns], head.y.values[Math.floor(place / columns)]);
  }

  /** @param {number} factor @param {[number, number]} [around] shares */
  function zoomBy(factor, around = [0.5, 0.5]) {
    zoomTo(around.map((at) => [at - at * factor, at + (1 - at) * factor]));
  }

  /** @param {number[][]} shares of both sides */
  function zoomTo(shares) {
    if (!sides) return;
    const both = sides;
    const [x, y] = shares.map(([low, high], at) => [both[at].valueAt(low), both[at].valueAt(high)]);
    onZoom?.(/** @type {[number, number]} */ (x), /** @type {[number, number]} */ (y));
  }

  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !sharesAt(event) || event.target !== part("canvas")) return;
    held = {x: event.clientX, y: event.clientY, dx: 0, dy: 0};
    part("canvas").setPointerCapture(event.pointerId);
  });
  stage.addEventListener("pointermove", (event) => {
    if (held && onZoom && event.pointerType !== "touch") {
      [held.dx, held.dy] = [event.clientX - held.x, event.clientY - held.y];
      painter.request();
      return;
    }
    pointed = sharesAt(event);
    showReadout();
  });
  stage.addEventListener("pointerup", (event) => {
    if (!held) return;
    const {dx, dy} = held;
    held = null;
    const shares = sharesAt(event);
    if (Math.hypot(dx, dy) <= FAR) {
      if (shares) pickAt(shares);
    } else {
      const {width, height} = rect();
      const [x, y] = [-dx / width, dy / height];
      zoomTo([
        [x, 1 + x],
        [y, 1 + y],
      ]);
    }
    painter.request();
  });
  stage.addEventListener("pointercancel", () => {
    held = null;
    painter.request();
  });
  stage.addEventListener("pointerleave", () => {
    pointed = null;
    showReadout();
  });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  let turned = 1;
  stage.addEventListener(
    "wheel",
    (event) => {
      const around = sharesAt(event);
      if (!onZoom || !around) return;
      event.preventDefault();
      turned *= Math.exp(Math.sign(event.deltaY) * Math.min(Math.abs(event.deltaY), 100) * 0.004);
      clearTimeout(resting);
      resting = setTimeout(() => {
        zoomBy(turned, around);
        turned = 1;
      }, 120);
    },
    {passive: false},
  );
  part("canvas").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const moves = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};
    const move = moves[/** @type {keyof typeof moves} */ (event.key)];
    if (event.key === "Enter" && pointed) pickAt(pointed);
    else if (event.key === "Escape") pointed = null;
    else if (move) {
      const size = (event.shiftKey ? 8 : 1) / COARSE;
      const start = pointed ?? [0.5, 0.5];
      const to = start.map((at, axis) => Math.min(Math.max(at + move[axis] * size, 0.001), 0.999));
      pointed = /** @type {[number, number]} */ (to);
    } else return;
    event.preventDefault();
    event.stopPropagation();
    showReadout();
    const place = pointed && placeAt(pointed);
    if (place !== null && sheet?.picture.cellAt(place)) setText(part("spoken"), say(sheet.picture, place));
  });
  part("zoom-in").addEventListener("click", () => zoomBy(0.5));
  part("zoom-out").addEventListener("click", () => zoomBy(2));
  part("fit").addEventListener("click", () => onReset?.());
  part("more").addEventListener("click", () => onMore?.());

  return {
    element,
    square: part("square"),
    /** @param {number} newSide */
    resize(newSide) {
      if (newSide === side || newSide < 80) return;
      side = newSide;
      canvas.resize(side, side);
      painter.request();
    },
    /** Show what there is. @param {Sheet} newSheet */
    show(newSheet) {
      if (sheet?.picture.head !== newSheet.picture.head) {
        sides = [sideOf(newSheet.picture.head.x), sideOf(newSheet.picture.head.y)];
      }
      sheet = newSheet;
      isFilled = false;
      setText(part("letter"), sheet.letter);
      setHidden(part("letter"), !sheet.letter);
      setText(part("name"), sheet.title);
      setText(part("takeaway"), sheet.summary);
      setAttribute(part("takeaway"), "title", sheet.summary);
      setAttribute(part("canvas"), "aria-label", `${sheet.title}. ${sheet.summary}`);
      const {done, head} = sheet.picture;
      setHidden(part("progress"), sheet.isDone);
      part("progress").value = head.cells ? done / head.cells : 0;
      setText(part("estimate"), sheet.isDone ? "" : sheet.progress);
      setHidden(part("more"), !sheet.more);
      setText(part("more"), sheet.more);
      showLegend(part("legend"), sheet.colors);
      painter.request();
    },
    /** Where the run of the page stands now. @param {(number | null)[]} runAt @param {string} runColor */
    mark(runAt, runColor) {
      if (!sheet || (runAt.every((at, side) => at === sheet?.runAt[side]) && runColor === sheet.runColor)) return;
      sheet = {...sheet, runAt, runColor};
      painter.request();
    },
    redraw() {
      isFilled = false;
      painter.request();
    },
    /** Show that there is no map yet, or why there is none. @param {string} title @param {string} reason */
    wait(title, reason) {
      sheet = null;
      setText(part("name"), title);
      setText(part("takeaway"), reason);
      setHidden(part("progress"), reason !== "");
      part("progress").removeAttribute("value");
      painter.request();
    },
  };
}

/** @typedef {ReturnType<typeof createMapPanel>} MapPanel */
