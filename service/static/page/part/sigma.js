/** σ and σ′ of a unit, with the tangent at its s. The slope is the service's; the curves are pixels. */
import { html } from "../vendor/preact.js";
import { ACTIVATIONS } from "../paint/forward.js";
import { shown } from "../paint/number.js";

const FLAT = 0.1; // of the steepest slope: below it hardly anything comes back through the unit
const STEEPEST = ({ sigmoid: 0.25, tanh: 1 });

/** Whether a unit lets gradients through. @param {string} activation @param {number | undefined} slope */
export function markOf(activation, slope) {
  if (slope === undefined || slope === null) return "";
  if (activation === "relu" && slope === 0) return "dead: the slope of σ is 0 here, so nothing comes back through this unit";
  if (slope < FLAT * (STEEPEST[activation] ?? 0)) return "saturated: σ is flat here, so hardly anything comes back through this unit";
  return "";
}

const WIDTH = 330;
const HEIGHT = 132;

/** @param {{q: any, l: number, i: number, found: any}} props */
export function Sigma({ q, l, i, found }) {
  const activation = q.layers[l].activation;
  const curve = ACTIVATIONS[activation];
  const s = found?.backprop.layers[l]?.s[i];
  if (!curve || s === undefined) return null;
  const slope = found.entries.get(`layers/${l}/slope/${i}`)?.value;
  const rounding = { kind: ("significant_digits"), n: 4 };
  const reach = Math.max(6, Math.ceil(Math.abs(s) * 1.25));
  const xs = Array.from({ length: 121 }, (_, k) => -reach + (2 * reach * k) / 120);
  const bounded = activation === "sigmoid" || activation === "tanh";
  const low = bounded ? (activation === "tanh" ? -1 : 0) : Math.min(0, curve.value(-reach));
  const high = bounded ? 1 : Math.max(1, curve.value(reach));
  const px = (v) => ((v + reach) / (2 * reach)) * WIDTH;
  const py = (v) => HEIGHT - ((v - low) / (high - low)) * HEIGHT;
  const path = (f) => xs.map((v, k) => `${k ? "L" : "M"}${px(v).toFixed(1)} ${py(f(v)).toFixed(1)}`).join("");
  const steep = curve.slope(s);
  const length = Math.min(1.6, reach / 3);
  const tangent = `M${px(s - length)} ${py(curve.value(s) - steep * length)}L${px(s + length)} ${py(curve.value(s) + steep * length)}`;
  const text = shown(s, rounding);
  const ticks = [-reach, -reach / 2, reach / 2, reach].map((v) => Math.round(v)).filter((v) => Math.abs(px(v) - px(s)) > 24);
  const [sx, sy] = [px(s), py(curve.value(s))];
  const right = sx < WIDTH * 0.62;
  return html`<article class="card">
    <h2><i class="v">σ</i> at <math><msubsup><mi>s</mi><mn>${i + 1}</mn><mrow><mo stretchy="false">(</mo><mn>${l + 1}</mn><mo stretchy="false">)</mo></mrow></msubsup><mo>=</mo><mn>${text}</mn></math></h2>
    <figure class="plot sigplot"><svg viewBox="-24 -10 362 168" role="img"
      aria-label=${`${activation} and its derivative; at s = ${text} the tangent has slope ${shown(slope, rounding)}`}>
      ${[low, high].map((v) => html`<path class="grid" d=${`M0 ${py(v)}H${WIDTH}`} /><text class="axis" x="-7" y=${py(v) + 4} text-anchor="end">${shown(v, rounding)}</text>`)}
      ${ticks.map((v) => html`<text class="axis" x=${px(v)} y=${HEIGHT + 19} text-anchor="middle">${shown(v, rounding)}</text>`)}
      <path class="drop" d=${`M${sx} 0V${HEIGHT}`} /><text class="axis strong" x=${sx} y=${HEIGHT + 19} text-anchor="middle">${text}</text>
      <path class="sig thin" d=${path(curve.slope)} /><path class="sig" d=${path(curve.value)} /><path class="tangent" d=${tangent} />
      <circle class="knot" cx=${sx} cy=${sy} r="4.5" /><circle class="knot ink" cx=${sx} cy=${py(steep)} r="4" />
      ${slope !== undefined && html`<text class="lab p halo" x=${sx + (right ? 12 : -12)} y=${Math.max(sy + (right ? 16 : -8), 12)} text-anchor=${right ? "start" : "end"}>slope ${shown(slope, rounding)}</text>`}
      <text class="lab it" x=${px(reach * 0.72)} y=${py(curve.value(reach * 0.72)) + 20}>σ</text>
      <text class="lab it" x=${px(reach * (bounded ? 0.42 : -0.72))} y=${py(curve.slope(reach * (bounded ? 0.42 : -0.72))) - 8}>σ′</text>
    </svg></figure>
  </article>`;
}
