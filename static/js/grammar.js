// Links: how a query is read from an address and printed as one, by the declarations of its keys.

import {defaultOf, openParameters, pick} from "./declarations.js";

/**
 * @typedef {import("./declarations.js").Key} Key
 * @typedef {import("./declarations.js").Kind} Kind
 * @typedef {import("./declarations.js").Parameter} Parameter
 * @typedef {import("./declarations.js").ComponentKind} ComponentKind
 * @typedef {import("./declarations.js").Picked} Picked
 * @typedef {import("./declarations.js").Scalar} Scalar
 * @typedef {import("./declarations.js").Value} Value
 * @typedef {import("./declarations.js").Values} Values
 * @typedef {{values: Values, vs: Values}} Query What the first panel shows, and what differs in the second.
 */

export const PREFIX = "vs.";

/** @param {Parameter} parameter @param {string} text @returns {Scalar} */
function parseScalar(parameter, text) {
  if (parameter.kind === "number") return Number(text);
  return parameter.kind === "flag" ? text === "true" : text;
}

/** @param {ComponentKind} kind @param {string} text @returns {Picked} */
function parsePicked(kind, text) {
  const [name, ...items] = text.split(",");
  const words = Object.fromEntries(items.map((item) => item.split(":")));
  const picked = pick(kind, name, words);
  // Texts become values in order, because a choice may bring parameters.
  for (const parameter of openParameters(kind.entries[name].parameters, picked.values)) {
    if (parameter.name in words) picked.values[parameter.name] = parseScalar(parameter, words[parameter.name]);
  }
  return picked;
}

/**
 * Read the value of a key from its texts (one, or several where the key may be repeated).
 * @param {Kind} kind
 * @param {string[]} texts
 * @returns {Value}
 */
export function parseValue(kind, texts) {
  switch (kind.kind) {
    case "component":
      if (!kind.most) return parsePicked(kind, texts[0]);
      return texts.map((text, slot) => ({...parsePicked(kind, text), slot}));
    case "numbers":
      return texts[0].split(",").map(Number);
    case "points":
      return texts[0] ? texts[0].split(",").map((point) => point.split(":").map(Number)) : [];
    case "names":
      return texts[0].split(",").filter(Boolean);
    case "rows":
      return texts[0];
    default:
      return parseScalar(kind, texts[0]);
  }
}

/** @param {ComponentKind} kind @param {Picked} picked */
function printPicked(kind, picked) {
  const words = [picked.name];
  for (const parameter of openParameters(kind.entries[picked.name].parameters, picked.values)) {
    const value = picked.values[parameter.name];
    if (value !== null && value !== defaultOf(parameter, picked.values)) words.push(`${parameter.name}:${value}`);
  }
  return words.join(",");
}

/**
 * Print the value of a key: no text for null, several where the key is repeated.
 * @param {Kind} kind
 * @param {Value} value
 * @returns {string[]}
 */
export function printValue(kind, value) {
  if (value === null || value === undefined) return [];
  if (kind.kind === "component") {
    const all = Array.isArray(value) ? value : [value];
    return all.map((picked) => printPicked(kind, /** @type {Picked} */ (picked)));
  }
  if (kind.kind === "points") {
    const points = /** @type {number[][]} */ (value).map((point) => point.join(":"));
    return points.length ? [points.join()] : [];
  }
  if (Array.isArray(value)) return value.length ? [value.map((part) => String(part)).join(",")] : [];
  return [String(value)];
}

/**
 * The value that a key has when a link does not name it.
 * @param {Kind} kind
 * @returns {Value}
 */
export function defaultValue(kind) {
  switch (kind.kind) {
    case "component":
      return parseValue(kind, Array.isArray(kind.default) ? kind.default : [kind.default]);
    case "points":
    case "names":
      return [];
    default:
      return defaultOf(/** @type {Parameter} */ (kind), {});
  }
}

/**
 * Whether the second panel leaves out what the first one sets: `vs.learning_rate=`, for keys that may be unset.
 * @param {Kind} kind
 * @param {string[]} texts
 */
function isLeftOut(kind, texts) {
  return texts.join() === "" && "default" in kind && kind.default === null;
}

/**
 * Read a query string that the server or this page has printed.
 * @param {Key[]} keys
 * @param {string} search
 * @returns {Query}
 */
export function parse(keys, search) {
  const given = new URLSearchParams(search);
  /** @type {Query} */
  const query = {values: {}, vs: {}};
  for (const key of keys) {
    if (key.role === "api") continue;
    query.values[key.name] = given.has(key.name) ? parseValue(key, given.getAll(key.name)) : defaultValue(key);
    const other = given.getAll(PREFIX + key.name);
    if (other.length) query.vs[key.name] = isLeftOut(key, other) ? null : parseValue(key, other);
  }
  return query;
}

/** @param {string} text Percent-encoded as links are: `:`, `,` and `@` stay readable. */
function encode(text) {
  return encodeURIComponent(text)
    .replace(/%3A/g, ":")
    .replace(/%2C/g, ",")
    .replace(/%40/g, "@")
    .replace(/[!*'()]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** @type {WeakMap<Kind, string>} */
const defaultTexts = new WeakMap();

/** @param {Key} key @param {Value} value Whether links leave the value out. */
function isDefault(key, value) {
  let text = defaultTexts.get(key);
  if (text === undefined) {
    text = printValue(key, defaultValue(key)).join("&");
    defaultTexts.set(key, text);
  }
  return printValue(key, value).join("&") === text;
}

/** @param {string} name @param {string[]} texts */
const parts = (name, texts) => texts.map((text) => `${encode(name)}=${encode(text)}`);

/**
 * Print the canonical query string: order of the declarations, defaults left out, the second panel's keys at the end.
 * @param {Key[]} keys
 * @param {Query} query
 */
export function print(keys, {values, vs}) {
  const shown = keys.filter((key) => key.role !== "api" && !isDefault(key, values[key.name]));
  const differing = keys.filter((key) => key.name in vs);
  const textsOf = (/** @type {Key} */ key) => printValue(key, vs[key.name]);
  return [
    ...shown.flatMap((key) => parts(key.name, printValue(key, values[key.name]))),
    ...differing.flatMap((key) => parts(PREFIX + key.name, textsOf(key).length ? textsOf(key) : [""])),
  ].join("&");
}

/**
 * The values of one panel: those of the page, with the second panel's own in place of them.
 * @param {Query} query
 * @param {number} panel 0 or 1
 * @returns {Values}
 */
export function valuesOf(query, panel) {
  return panel === 0 ? query.values : {...query.values, ...query.vs};
}

/**
 * The query of one panel as the API takes it: what shapes the answer, or only the `names` among it.
 * @param {Key[]} keys
 * @param {Values} values
 * @param {string[]} [names]
 */
export function panelLink(keys, values, names) {
  return keys
    .filter((key) => key.role === "query" && (names?.includes(key.name) ?? true) && !isDefault(key, values[key.name]))
    .flatMap((key) => parts(key.name, printValue(key, values[key.name])))
    .join("&");
}
