// A small declaration with every kind of key, as the server would send it.

/** @typedef {import("../../static/js/declarations.js").Key} Key */

const words = {symbol: "", help: ""};
/** @type {import("../../static/js/declarations.js").NumberKind} */
export const RATE = {
  ...words,
  kind: "number",
  name: "learning_rate",
  title: "Learning rate",
  low: 1e-12,
  high: 1e3,
  slider: [1e-4, 10],
  scale: "log",
  isInteger: false,
  shared: "learning_rate",
  default: null,
};
/** @type {import("../../static/js/declarations.js").ForkKind} */
const FORK = {...words, kind: "fork", name: "fork", title: "Forked from", default: null};
const STEPS = {
  ...RATE,
  name: "steps",
  low: 1,
  high: 2000,
  slider: /** @type {[number, number]} */ ([10, 2000]),
  isInteger: true,
  default: 200,
};
const KAPPA = {...RATE, name: "kappa", shared: "", default: 25};
const entry = {about: "", formula: ""};

/** @type {Key[]} */
export const KEYS = [
  {
    ...words,
    kind: "component",
    one: "",
    adds: "",
    name: "surface",
    title: "Surface",
    role: "query",
    group: "problem",
    most: 0,
    default: "bowl",
    entries: {
      bowl: {...entry, name: "bowl", title: "Bowl", parameters: [KAPPA]},
      rows: {
        ...entry,
        name: "rows",
        title: "Rows",
        hasRows: true,
        parameters: [
          {
            ...words,
            kind: "choice",
            name: "data",
            title: "Data",
            options: {wine: "Wine", iris: "Iris"},
            default: "wine",
          },
          {
            ...words,
            kind: "choice",
            name: "x1",
            title: "First",
            dependsOn: "data",
            options: {wine: {alcohol: "Alcohol", ash: "Ash"}, iris: {petal: "Petal"}},
            default: {wine: "alcohol", iris: "petal"},
          },
        ],
      },
    },
  },
  {
    ...words,
    kind: "component",
    one: "",
    adds: "",
    name: "run",
    title: "Optimizers",
    role: "query",
    group: "runs",
    most: 8,
    default: ["gd"],
    entries: {
      gd: {
        ...entry,
        name: "gd",
        title: "Gradient descent",
        parameters: [
          RATE,
          {
            ...words,
            kind: "choice",
            name: "schedule",
            title: "Schedule",
            options: {shared: "shared", step: "Step"},
            default: "shared",
            brings: {step: [{...STEPS, name: "every", default: 50}]},
          },
          FORK,
        ],
      },
      adam: {
        ...entry,
        name: "adam",
        title: "Adam",
        parameters: [RATE, {...words, kind: "flag", name: "debias", title: "Bias correction", default: true}, FORK],
      },
    },
  },
  {...RATE, role: "query", group: "main"},
  {
    ...words,
    kind: "numbers",
    name: "start",
    title: "Start",
    role: "query",
    group: "path",
    parts: ["x", "y"],
    low: -1e9,
    mayBeAbsent: false,
    high: 1e9,
    default: null,
  },
  {...STEPS, role: "query", group: "path"},
  {...STEPS, name: "at", low: 0, default: null, role: "page", group: ""},
  {...words, kind: "flag", name: "embed", title: "Embedded", default: false, role: "page", group: ""},
  {
    kind: "names",
    name: "hide",
    title: "Hidden",
    options: {loss: "Loss", "controls.steps": "Steps"},
    role: "page",
    group: "",
  },
  {
    ...words,
    kind: "points",
    name: "own",
    title: "Own",
    most: 64,
    low: -1e9,
    high: 1e9,
    default: [],
    role: "query",
    group: "",
  },
  {kind: "names", name: "fields", title: "Fields", options: {grads: "gradients"}, role: "api", group: ""},
];

/** @param {string} name */
export function keyNamed(name) {
  const key = KEYS.find((one) => one.name === name);
  if (!key) throw new Error(`no key '${name}'`);
  return key;
}
