/** Strokes of the buttons and verdicts; every one has words beside it or a label on its button. */
import { html } from "../vendor/preact.js";

const PATHS = {
  back: "M9 2L4 7l5 5",
  next: "M5 2l5 5-5 5",
  play: "M5 2.5l6 4.5-6 4.5z",
  pause: "M4.5 3v8M9.5 3v8",
  check: "M2 7.5l3.4 3.5L12 3.5",
  cross: "M3.5 3.5l7 7M10.5 3.5l-7 7",
  follows: "M2 3v4.5h9M8 4.5l3 3-3 3",
  warn: "M7 3v5M7 10.6v.4",
};

/** @param {{name: keyof typeof PATHS, class?: string}} props */
export const Icon = ({ name, class: kind }) =>
  html`<svg class=${`icon ${kind ?? ""}`} viewBox="0 0 14 14" aria-hidden="true"><path d=${PATHS[name]} /></svg>`;
