// Time: one clock that moves the frame of the whole page.

import {atFrame, frameOf, lastStep} from "./page.js";

/**
 * @param {import("./page.js").Store} store
 * @param {{requestFrame?: (act: (now: number) => void) => unknown, isStill?: () => boolean}} [options] `isStill`: the
 *   visitor prefers less motion, so that time moves in whole, slower jumps
 */
export function createPlayer(store, {requestFrame = requestAnimationFrame, isStill = () => false} = {}) {
  let last = 0;
  let exact = 0; // the frame with its fraction

  /** @param {number} now */
  function tick(now) {
    const state = store.get();
    if (!state.isPlaying) return;
    const seconds = Math.min((now - last) / 1000, 0.25);
    last = now;
    // Someone may have moved the frame meanwhile.
    if (Math.floor(exact) !== frameOf(state)) exact = frameOf(state);
    exact += seconds * (isStill() ? Math.min(state.speed, 2) : state.speed);
    const end = lastStep(state);
    if (exact >= end) {
      store.update({...atFrame(state, end), isPlaying: false}, "time");
      return;
    }
    if (Math.floor(exact) !== frameOf(state)) store.update(atFrame(state, Math.floor(exact)), "time");
    requestFrame(tick);
  }

  const player = {
    play() {
      const state = store.get();
      if (state.isPlaying) return;
      const isAtEnd = frameOf(state) >= lastStep(state);
      exact = isAtEnd ? 0 : frameOf(state);
      store.update({...(isAtEnd && atFrame(state, 0)), isPlaying: true}, "time");
      requestFrame((now) => {
        last = now;
        tick(now);
      });
    },
    pause() {
      if (store.get().isPlaying) store.update({isPlaying: false}, "time");
    },
    toggle() {
      if (store.get().isPlaying) player.pause();
      else player.play();
    },
    /** @param {number} frame */
    goTo(frame) {
      store.update({...atFrame(store.get(), frame), isPlaying: false}, "time");
    },
    /** @param {number} steps */
    move(steps) {
      player.goTo(frameOf(store.get()) + steps);
    },
  };
  return player;
}

/** @typedef {ReturnType<typeof createPlayer>} Player */
