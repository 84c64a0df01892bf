// Help on demand: a small button that opens a sentence below its control.

import {freshId, make} from "../dom.js";
import {_} from "../words.js";

/**
 * @param {{title: string, help?: string}} declaration
 * @returns {{buttons: HTMLElement[], texts: HTMLElement[]}} nothing where there is no help
 */
export function helpFor({title, help}) {
  if (!help) return {buttons: [], texts: []};
  const text = make("p", {class: "help", id: freshId(), hidden: true, textContent: help});
  const button = make("button", {
    type: "button",
    class: "help-button",
    textContent: "?",
    title: help,
    aria: {expanded: "false", controls: text.id, label: _("What is {title}?", {title})},
    onclick() {
      text.hidden = !text.hidden;
      button.setAttribute("aria-expanded", String(!text.hidden));
    },
  });
  return {buttons: [button], texts: [text]};
}
