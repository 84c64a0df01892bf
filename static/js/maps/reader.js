// A map as the server streams it: lines of JSON, the first about the whole, each of the others with some of its cells.

import {Lost, Refusal, connected, fetchGood, onChange} from "../requests.js";
import {decodeAll} from "../wire.js";

/**
 * Read lines as they come.
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {AsyncGenerator<string>}
 */
export async function* linesOf(stream) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const {done, value} = await connected(() => reader.read());
      rest += decoder.decode(value, {stream: !done});
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line) yield line;
      if (done) {
        if (rest) yield rest;
        return;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

const PAUSES_MS = [500, 15_000]; // before a lost server is asked again: at first, and at most

/**
 * Ask for one map at a time; what was asked before is broken off, and the server then stops computing it.
 * @param {{language: string, onHead: (head: any) => void, onBlock: (block: any) => void, onEnd: () => void,
 *   onRefusal: (message: string) => void, onLost: (isLost: boolean) => void}} options
 */
export function createReader({language, onHead, onBlock, onEnd, onRefusal, onLost}) {
  /** @type {AbortController | null} */
  let running = null;
  let asked = "";
  let pause = PAUSES_MS[0];
  const setLost = onChange(onLost);

  /** @param {string} url */
  async function read(url) {
    const controller = (running = new AbortController());
    const isOld = () => running !== controller;
    try {
      const response = await fetchGood(url, {signal: controller.signal, headers: {"Accept-Language": language}});
      let isHead = true;
      for await (const line of linesOf(/** @type {ReadableStream<Uint8Array>} */ (response.body))) {
        if (isOld()) return;
        setLost(false);
        const read = JSON.parse(line);
        if (read.detail) throw new Refusal(read.detail); // the server failed in the middle: it would again
        if (isHead) onHead(read);
        else onBlock(decodeAll(read));
        isHead = false;
      }
      pause = PAUSES_MS[0];
      if (!isOld()) onEnd();
    } catch (error) {
      if (isOld() || controller.signal.aborted) return;
      setLost(error instanceof Lost);
      if (error instanceof Refusal) return onRefusal(error.message);
      if (!(error instanceof Lost)) throw error; // a mistake of the page
      setTimeout(() => {
        if (!isOld()) read(url);
      }, pause);
      pause = Math.min(2 * pause, PAUSES_MS[1]);
    }
  }

  function stop() {
    running?.abort();
    running = null;
    setLost(false);
    asked = "";
  }

  return {
    /** @param {string} url @returns {boolean} whether it is another one than before */
    ask(url) {
      if (url === asked) return false;
      stop();
      asked = url;
      read(url);
      return true;
    },
    /** The same map is asked for in other words, now that more is known of it. @param {string} url */
    rename(url) {
      if (asked) asked = url;
    },
    stop,
  };
}
