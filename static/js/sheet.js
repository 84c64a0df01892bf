// The sheet of a phone: the controls that do not fit beside the figure slide in from below.

import {byId} from "./dom.js";

export function createSheet() {
  const sheet = byId("more-controls");
  const button = byId("sheet-button");
  const isOpen = () => sheet.classList.contains("open");
  const open = (/** @type {boolean} */ isWanted) => {
    sheet.classList.toggle("open", isWanted);
    button.setAttribute("aria-expanded", String(isWanted));
    (isWanted ? byId("sheet-close") : button).focus({preventScroll: true});
  };
  button.addEventListener("click", () => open(!isOpen()));
  byId("sheet-close").addEventListener("click", () => open(false));
  sheet.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen()) open(false);
  });
}
