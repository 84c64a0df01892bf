// The one store: the query that the address shows, and how this window looks at it.

/**
 * @typedef {import("./grammar.js").Query} Query
 * @typedef {"finished" | "drag" | "time" | "restore" | "look"} How How a change came about: a finished change of a
 *   control, one in progress, the time line, the address, or something that no link holds.
 */

/**
 * @template State
 * @param {State} initial
 */
export function createStore(initial) {
  let state = initial;
  /** @type {Set<(state: State, previous: State, how: How) => void>} */
  const subscribers = new Set();
  return {
    get: () => state,
    /**
     * @param {Partial<State>} change
     * @param {How} how
     */
    update(change, how) {
      const previous = state;
      state = {...state, ...change};
      for (const subscriber of subscribers) subscriber(state, previous, how);
    },
    /** @param {(state: State, previous: State, how: How) => void} subscriber */
    subscribe(subscriber) {
      subscribers.add(subscriber);
    },
  };
}
