/** Of a regression: what was predicted against what is true, a dot for each row. */
import { html } from "../vendor/preact.js";
import { exact } from "../paint/number.js";
import { around, linear } from "../paint/scale.js";

const SIDE = 300;
const MAX_DOTS = 1000;

/** @param {{rows: any[]}} props */
export function Scatter({ rows }) {
  const dots = rows.slice(0, MAX_DOTS).map(({ truth, said }) => [truth, Array.isArray(said) ? said[0] : said]);
  if (!dots.length) return null;
  const [low, high] = around(dots.flat(), 0.04);
  const x = linear(low, high, 0, SIDE, 4);
  const y = linear(low, high, SIDE, 0, 4);
  return html`<figure class="plot scatter"><svg viewBox=${`-50 -8 ${SIDE + 60} ${SIDE + 46}`} role="img" aria-label=${`Predicted against true, ${dots.length} rows; on the line they agree`}>
    <rect class="frame" width=${SIDE} height=${SIDE} /><path class="drop" d=${`M0 ${SIDE}L${SIDE} 0`} />
    ${dots.map(([truth, said], k) => html`<circle key=${k} class="p1" opacity=".7" cx=${x.at(truth).toFixed(1)} cy=${y.at(said).toFixed(1)} r="3" />`)}
    ${x.ticks.map((t) => html`<text class="axis" x=${x.at(t)} y=${SIDE + 18} text-anchor="middle">${exact(t)}</text>`)}
    ${y.ticks.map((t) => html`<text class="axis" x="-8" y=${y.at(t) + 4} text-anchor="end">${exact(t)}</text>`)}
    <text class="lab" x=${SIDE} y=${SIDE + 36} text-anchor="end">true</text><text class="lab" x="8" y="18">predicted</text></svg></figure>`;
}
