// Forks: runs that go on from another run's step. Their links name that run by its number, which must follow the list.

import {freeSlot} from "./declarations.js";

/** @typedef {import("./declarations.js").Picked} Picked */

/**
 * Where a run is forked: the index of its parent, and the step; null for one that begins at the start.
 * @param {Picked} run
 * @returns {{parent: number, step: number} | null}
 */
export function forkOf({values: {fork}}) {
  if (!fork) return null;
  const [run, step] = String(fork).split("@").map(Number);
  return {parent: run - 1, step};
}

/** @param {Picked} run @param {{parent: number, step: number} | null} fork @returns {Picked} */
const withFork = (run, fork) => ({
  ...run,
  values: {...run.values, fork: fork && `${fork.parent + 1}@${fork.step}`},
});

/**
 * The list with a fork of one run at its end, which so far has the same values.
 * @param {Picked[]} runs
 * @param {number} index
 * @param {number} step
 */
export function withForkOf(runs, index, step) {
  return [...runs, {...withFork(runs[index], {parent: index, step}), slot: freeSlot(runs)}];
}

/**
 * The indices of a run and of all that are forked from it, directly or not; a fork stands behind its parent.
 * @param {Picked[]} runs
 * @param {number} index
 */
export function familyOf(runs, index) {
  const family = new Set([index]);
  runs.forEach((run, at) => {
    if (family.has(forkOf(run)?.parent ?? -1)) family.add(at);
  });
  return family;
}

/**
 * The list without a run and its forks, whose path would have no beginning any more.
 * @param {Picked[]} runs
 * @param {number} index
 */
export function withoutRun(runs, index) {
  const gone = familyOf(runs, index);
  const kept = [...runs.keys()].filter((at) => !gone.has(at));
  return kept.map((at) => {
    const fork = forkOf(runs[at]);
    return fork ? withFork(runs[at], {...fork, parent: kept.indexOf(fork.parent)}) : runs[at];
  });
}

/**
 * The list with one run replaced; where that is now another optimizer, what was forked from it begins at the start.
 * @param {Picked[]} runs
 * @param {number} index
 * @param {Picked} picked
 */
export function withRun(runs, index, picked) {
  const isOther = picked.name !== runs[index].name;
  return runs.map((run, at) => {
    if (at === index) return picked;
    return isOther && forkOf(run)?.parent === index ? withFork(run, null) : run;
  });
}

/**
 * Which rows of each run are its own to draw: from where it was forked, to where another goes on in its place. The run
 * that is looked at is drawn to its end.
 * @param {Picked[]} runs
 * @param {number} selected
 * @returns {{from: number, to: number}[]}
 */
export function ownRows(runs, selected) {
  const forks = runs.map(forkOf);
  return forks.map((own, index) => {
    const steps = forks.flatMap((fork) => (fork?.parent === index ? [fork.step] : []));
    return {from: own?.step ?? 0, to: index === selected ? Infinity : Math.min(...steps, Infinity)};
  });
}
