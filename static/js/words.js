// Sentences of the page in its language; the catalogue comes with the page.

/** @type {{[text: string]: string}} */
let catalogue = {};

/**
 * Take the catalogue, once, before anything is said.
 * @param {{[text: string]: string}} messages
 */
export function setMessages(messages) {
  catalogue = messages;
}

/**
 * A sentence in the page's language, with its `{named}` places filled.
 * @param {string} text
 * @param {{[name: string]: string | number}} [values]
 */
export function _(text, values = {}) {
  return (catalogue[text] || text).replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
}
