// What is dragged: asked for and drawn by a worker, on a canvas of its own above the page's.

import {make} from "./dom.js";
import {toPlain} from "./tokens.js";

/**
 * @typedef {import("./questions.js").Answer} Answer
 * @typedef {import("./overlay.js").Look & {side: number, isAway: boolean}} LiveLook `isAway`: nothing is drawn
 * @typedef {Omit<LiveLook, "tokens"> & {tokens: import("./tokens.js").PlainTokens, ratio: number}} PlainLook as a worker
 *   can be sent it
 */

const REST_MS = 500;

/** Whether this browser lets workers draw. */
export const canDrawLive = () => "transferControlToOffscreen" in HTMLCanvasElement.prototype;

/**
 * @param {HTMLCanvasElement} below the page's canvas; while this one is on, that one is to stay empty
 * @param {{page: import("./page.js").Page, onAnswer: (answer: Answer, url: string) => void,
 *   onRefusal: (message: string) => void, onLost: (isLost: boolean) => void, onBusy: (isBusy: boolean) => void}} options
 */
export function createLive(below, {page, onAnswer, onRefusal, onLost, onBusy}) {
  /** @type {Worker | undefined} */
  let worker;
  /** @type {HTMLCanvasElement} */
  let canvas;
  let isOn = false;
  let isEnough = false;
  let isWaiting = false;
  let ladder = ""; // the one that the worker has
  const setWaiting = (/** @type {boolean} */ waiting) => {
    if (waiting !== isWaiting) onBusy(waiting);
    isWaiting = waiting;
  };

  function start() {
    canvas = make("canvas", {class: "overlay", aria: {hidden: "true"}});
    below.after(canvas);
    const offscreen = canvas.transferControlToOffscreen();
    const started = new Worker(new URL("./liveworker.js", import.meta.url), {type: "module"});
    started.postMessage({canvas: offscreen, language: page.language, messages: page.messages}, [offscreen]);
    started.addEventListener("error", ({message}) => {
      throw new Error(message);
    });
    started.addEventListener("message", ({data}) => {
      const reply = /** @type {import("./liveworker.js").Reply} */ (data);
      if ("ladder" in reply) return void (ladder = reply.ladder);
      if ("mistake" in reply) throw new Error(reply.mistake);
      if ("isLost" in reply) return onLost(reply.isLost);
      if (isEnough) return; // it was under way when the drag ended
      setWaiting(false);
      if ("refusal" in reply) onRefusal(reply.refusal);
      else onAnswer(reply.answer, reply.url);
    });
    return started;
  }

  /** @param {LiveLook} look @returns {PlainLook} */
  function plain(look) {
    canvas.style.width = canvas.style.height = `${look.side}px`;
    return {...look, tokens: toPlain(look.tokens), ratio: devicePixelRatio || 1};
  }

  return {
    /** Start the worker before it is needed, but not before the page is at rest. */
    prepare() {
      if (!worker) setTimeout(() => (worker ??= start()), REST_MS);
    },
    /**
     * Ask, and draw what is answered.
     * @param {string} url
     * @param {string} link the query that it asks
     * @param {LiveLook} look
     * @param {Answer} answer what is seen now, and is drawn until there is another
     */
    ask(url, link, look, answer) {
      worker ??= start();
      setWaiting(true);
      worker.postMessage(isOn && !isEnough ? {url, link} : {url, link, look: plain(look), answer});
      isOn = true;
      isEnough = false;
    },
    /**
     * A slider is grabbed: get ready to answer all its values.
     * @param {string} newLadder asks for them
     * @param {string} url asks for what is seen now
     */
    grab(newLadder, url) {
      worker ??= start();
      ladder = "";
      worker.postMessage({ladder: newLadder, url});
    },
    /** The ladder that answers without the network; empty if there is none, or none is needed. */
    get ladder() {
      return ladder;
    },
    /** Draw in another way. @param {LiveLook} look */
    look(look) {
      worker?.postMessage({look: plain(look)});
    },
    /** Want no more answers; what is drawn stays. */
    end() {
      if (!isOn) return;
      isEnough = true;
      setWaiting(false);
      worker?.postMessage({isEnough});
    },
    /** Give the place back to the page, which draws now. */
    leave() {
      if (isOn) worker?.postMessage({isEnough: true, isOver: true});
      isOn = false;
    },
    /** Whether it draws in place of the page. */
    get isOn() {
      return isOn;
    },
    get isWaiting() {
      return isWaiting;
    },
  };
}
