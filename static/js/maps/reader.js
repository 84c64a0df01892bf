// A map as the server streams it: lines of JSON, the first about the whole, each of the others with some of its cells.

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
      const {done, value} = await reader.read();
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

const PAUSE_MS = 1000; // before a lost server is asked again

/**
 * Ask for one map at a time; what was asked before is broken off, and the server then stops computing it.
 * @param {{language: string, onHead: (head: any) => void, onBlock: (block: any) => void, onEnd: () => void,
 *   onRefusal: (message: string) => void, onLost: (isLost: boolean) => void}} options
 */
export function createReader({language, onHead, onBlock, onEnd, onRefusal, onLost}) {
  /** @type {AbortController | null} */
  let running = null;
  let asked = "";

  /** @param {string} url */
  async function read(url) {
    const controller = (running = new AbortController());
    const isOld = () => running !== controller;
    try {
      const response = await fetch(url, {signal: controller.signal, headers: {"Accept-Language": language}});
      if (response.status >= 500) throw new TypeError(`the server answered ${response.status}`);
      if (!response.ok) {
        const {detail} = await response.json();
        if (!isOld()) onRefusal(String(detail));
        return;
      }
      let isHead = true;
      for await (const line of linesOf(/** @type {ReadableStream<Uint8Array>} */ (response.body))) {
        if (isOld()) return;
        onLost(false);
        if (isHead) onHead(JSON.parse(line));
        else onBlock(decodeAll(JSON.parse(line)));
        isHead = false;
      }
      if (!isOld()) onEnd();
    } catch (error) {
      if (isOld() || controller.signal.aborted) return;
      if (!(error instanceof TypeError)) throw error; // a bug of ours
      onLost(true);
      setTimeout(() => {
        if (!isOld()) read(url);
      }, PAUSE_MS);
    }
  }

  function stop() {
    running?.abort();
    running = null;
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
