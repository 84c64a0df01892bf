// The status line: the one place that says what went wrong, or what is going on.

import {byId, setText} from "./dom.js";
import {_} from "./words.js";

const NOTICE_MS = 4000;
const PATIENCE_MS = 150;

export function createStatus() {
  const line = byId("status");
  const text = byId("status-text");
  const root = document.documentElement;
  let lost = 0;
  let busy = 0;
  let said = text.textContent ?? "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let fading;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;

  function show() {
    const shown = lost ? _("The server does not answer; the last figure stays. Trying again …") : said;
    setText(text, shown);
    line.hidden = !shown;
    line.classList.toggle("lost", lost > 0);
  }
  byId("status-close").addEventListener("click", () => {
    said = "";
    show();
  });
  /** Say what is wrong; it stays until something better happens. @param {string} message */
  function complain(message) {
    clearTimeout(fading);
    said = message;
    show();
  }

  // A mistake of the page itself: the console has the details.
  const confess = (/** @type {unknown} */ reason) =>
    complain(_("This page made a mistake, and may show old figures: {reason}", {reason: String(reason)}));
  addEventListener("unhandledrejection", ({reason}) => confess(reason));
  addEventListener("error", ({error}) => error && confess(error)); // without: a late resize, which does no harm

  return {
    complain,
    /** Say something that passes. @param {string} message */
    notice(message) {
      clearTimeout(fading);
      said = message;
      show();
      fading = setTimeout(() => {
        said = "";
        show();
      }, NOTICE_MS);
    },
    clear() {
      if (!said) return;
      clearTimeout(fading);
      said = "";
      show();
    },
    /** Each of those who ask the server says when it is lost, and when it is found again. @param {boolean} isLost */
    setLost(isLost) {
      lost += isLost ? 1 : -1;
      show();
    },
    /** Show that something takes longer than a moment. @param {boolean} isBusy */
    setBusy(isBusy) {
      busy += isBusy ? 1 : -1;
      if (busy > 0) waiting ??= setTimeout(() => (root.dataset.busy = "true"), PATIENCE_MS);
      if (busy <= 0) {
        clearTimeout(waiting);
        waiting = undefined;
        delete root.dataset.busy;
      }
    },
  };
}
