// The address bar: always the printed form of the store; a finished change adds an entry to the history.

/** @typedef {import("./store.js").How} How */

const PAUSE_MS = 200; // Chromium ignores replaceState beyond about 200 quick calls

/**
 * @param {{history: Pick<History, "pushState" | "replaceState">, now?: () => number,
 *   later?: (act: () => void, ms: number) => unknown}} surroundings
 * @param {string} settled The link that the current entry holds
 * @param {unknown} [mark] What the entry remembers beside its link
 */
export function createAddress({history, now = () => performance.now(), later = setTimeout}, settled, mark = null) {
  let written = settled; // what the bar shows
  let wanted = settled;
  let isWaiting = false;
  let last = -Infinity;

  const replace = (/** @type {string} */ link) => {
    if (link === written) return;
    history.replaceState(mark, "", link);
    written = link;
    last = now();
  };
  const catchUp = () => {
    isWaiting = false;
    replace(wanted);
  };
  return {
    /**
     * Show a link that is still changing.
     * @param {string} link
     * @param {How} how
     */
    follow(link, how) {
      wanted = link;
      if (how === "time") settled = link; // going back returns to this frame
      if (isWaiting) return;
      const pause = last + PAUSE_MS - now();
      if (pause <= 0) return replace(link);
      isWaiting = true;
      later(catchUp, pause);
    },
    /**
     * Add an entry for a finished change; the entry before it keeps the state before the drag.
     * @param {string} link
     * @param {unknown} newMark
     */
    finish(link, newMark) {
      wanted = link;
      if (link === settled) return replace(link);
      if (written !== settled) history.replaceState(mark, "", settled);
      mark = newMark;
      history.pushState(mark, "", link);
      written = settled = link;
      last = now();
    },
    /**
     * Take over what the browser went back or forward to.
     * @param {string} link
     * @param {unknown} newMark
     */
    restore(link, newMark) {
      written = wanted = settled = link;
      mark = newMark;
    },
  };
}
