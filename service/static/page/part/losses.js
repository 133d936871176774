/** The losses of training and validation, and the epoch that was kept. */
import { html } from "../vendor/preact.js";
import { exact } from "../paint/number.js";
import { around, linear, logarithmic, path } from "../paint/scale.js";

const WIDTH = 360;
const HEIGHT = 76;

/** @param {{curve: any}} props */
export function Losses({ curve }) {
  if (!curve) return html`<svg viewBox=${`-34 -6 ${WIDTH + 40} ${HEIGHT + 26}`} aria-hidden="true" />`;
  const validation = curve.validation_loss ?? [];
  const usable = [...curve.loss, ...validation].filter((v) => v !== null && v > 0);
  const last = curve.iteration.at(-1) || 1;
  const x = linear(0, last, 0, WIDTH, 4);
  const [low, high] = [Math.min(...usable), Math.max(...usable)];
  const [from, to] = around([low, high], 0.1);
  const y = high > 2 * low ? logarithmic(low * 0.9, high * 1.1, HEIGHT, 0) : linear(from, to, HEIGHT, 0, 3);
  const line = (values) => path(curve.iteration.map((k, i) => [k, values[i]]).filter(([, v]) => v !== null && v > 0).map(([k, v]) => [x.at(k), y.at(v)]));
  return html`<figure class="lcurve"><svg viewBox=${`-34 -6 ${WIDTH + 40} ${HEIGHT + 26}`} role="img" aria-label="Loss of the training rows, thin, and of the validation rows">
    ${y.ticks.map((t) => html`<path class="grid" d=${`M0 ${y.at(t)}H${WIDTH}`} /><text class="axis" x="-8" y=${y.at(t) + 4} text-anchor="end">${exact(t)}</text>`)}
    ${x.ticks.map((t) => html`<text class="axis" x=${x.at(t)} y=${HEIGHT + 18} text-anchor="middle">${exact(t)}</text>`)}
    <path class=${validation.length ? "loss later" : "loss"} d=${line(curve.loss)} />${validation.length > 0 && html`<path class="loss" d=${line(validation)} />`}
    <text class="lab" x=${WIDTH} y="12" text-anchor="end">${validation.length ? "training (thin), validation" : "training"}</text>
  </svg></figure>`;
}
