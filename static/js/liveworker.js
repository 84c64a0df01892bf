// A worker that asks and draws while something is dragged. The page is then busy with a frame for every move of the mouse,
// which comes before everything else: its answers would wait, and a weak machine would draw a few of them in a second.

import {createSeldom} from "./frames.js";
import {drawScene, sceneOf} from "./overlay.js";
import {createRequests, fetchJson} from "./requests.js";
import {fromPlain} from "./tokens.js";
import {decodeAll} from "./wire.js";
import {setMessages} from "./words.js";

/**
 * @typedef {import("./questions.js").Answer} Answer
 * @typedef {import("./live.js").PlainLook} PlainLook
 * @typedef {{canvas: OffscreenCanvas, language: string, messages: {[text: string]: string}}} Beginning
 * @typedef {{answer?: Answer, look?: PlainLook, url?: string, isEnough?: boolean, isOver?: boolean}} Order `isEnough`: no
 *   more answers; `isOver`: the page has drawn what is to be seen now
 * @typedef {{answer: Answer, url: string} | {refusal: string} | {isLost: true}} Reply
 */

const OVERLAP_MS = 50; // two canvases that take turns are not shown in the same frame
const REPLY_PAUSE_MS = 100; // the page tells numbers and draws the loss; eyes follow the paths
const page = /** @type {Worker} */ (/** @type {unknown} */ (globalThis));

/** @type {OffscreenCanvas} */
let canvas;
let language = "";
/** @type {PlainLook | null} */
let look = null;
/** @type {Answer | null} */
let answer = null;
let answered = "";
/** @type {ReturnType<typeof setTimeout> | undefined} */
let emptying;

function draw() {
  if (!look || !answer) return;
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const size = Math.round(look.side * look.ratio);
  if (canvas.width !== size) canvas.width = canvas.height = size;
  context.setTransform(look.ratio, 0, 0, look.ratio, 0, 0);
  context.clearRect(0, 0, look.side, look.side);
  if (!look.isAway) drawScene(context, sceneOf(answer, {...look, tokens: fromPlain(look.tokens), isWhole: true}));
}

/** @param {Reply} reply */
const reply = (reply) => page.postMessage(reply);
const tell = createSeldom(() => answer && look && reply({answer, url: answered}), REPLY_PAUSE_MS);
const requests = createRequests({
  get: async (url, signal) => decodeAll(await fetchJson(url, {signal, language})),
  onAnswer(newAnswer, url) {
    [answer, answered] = [newAnswer, url];
    draw();
    globalThis.dispatchEvent(new CustomEvent("painted", {detail: url}));
    tell.soon();
  },
  onRefusal: ({message}) => reply({refusal: message}),
  onLost: () => reply({isLost: true}),
});

/** @param {Order} order */
function follow(order) {
  answer = order.answer ?? answer;
  look = order.look ?? look;
  if (order.answer) clearTimeout(emptying);
  if (order.answer || order.look) draw();
  if (order.url) requests.ask(order.url);
  if (order.isEnough) requests.stop();
  if (order.isOver) emptying = setTimeout(empty, OVERLAP_MS);
}

function empty() {
  look = answer = null;
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.resetTransform();
  context.clearRect(0, 0, canvas.width, canvas.height);
}

page.addEventListener(
  "message",
  ({data}) => {
    const beginning = /** @type {Beginning} */ (data);
    ({canvas, language} = beginning);
    setMessages(beginning.messages);
    page.addEventListener("message", ({data}) => follow(/** @type {Order} */ (data)));
  },
  {once: true},
);
