/** What is proved of an approximation, and the sum written out. */
import { html, useState } from "../vendor/preact.js";
import { exact, shown } from "../paint/number.js";
import { Icon } from "./icons.js";

const DIGITS = { kind: ("significant_digits"), n: 4 };
const BOUND = { kind: ("significant_digits"), n: 9 };

/** @param {{data: any, q: any, children: any}} props */
export function Bound({ data, q, children }) {
  const [witnesses, setWitnesses] = useState(false);
  const segments = data.grid.length - 1;
  const least = data.minimality?.segments;
  const isSmallest = least === segments && segments > 1;
  const relus = data.lambdas.length;
  const numbers = data.network ? data.network.layers.reduce((sum, layer) => sum + layer.biases.length * (1 + layer.weights[0].length), 0) : 0;
  const [a, b] = [data.grid[0], data.grid[segments]].map((v) => shown(v, DIGITS));
  return html`<div class="card"><div role="status">
    <div class="verdict"><span class="count">${segments}</span><p>${isSmallest ? html`segments are enough, and <b>${least - 1} are not</b>.` : segments === 1 ? "segment is enough." : "segments."}<br />
      <span class="quiet">${relus} ReLUs, ${numbers} parameters</span></p></div>
    <ul class="proof">
      ${data.error_bound !== null && html`<li><${Icon} name="check" class="ink" /><span>|NN − <i class="v">f</i> | ≤ ${shown(data.error_bound, BOUND)}${q.error === "relative" ? html` · |<i class="v">f</i> |` : ""} everywhere on [${a}, ${b}], proved in ball arithmetic</span></li>`}
      ${data.error_bound === null && html`<li><${Icon} name="check" class="ink" /><span>largest error ${shown(data.max_error, DIGITS)}, at <i class="v">x</i> = ${shown(data.max_error_at, DIGITS)}</span></li>`}
      ${(data.unproved ?? []).map((gap) => html`<li><${Icon} name="warn" class="ink" /><span>${gap.interval ? `not proved on [${gap.interval.map((v) => shown(v, DIGITS)).join(", ")}]: ` : ""}${gap.reason}</span></li>`)}
      ${isSmallest && html`<li><${Icon} name="check" class="ink" /><span>${data.minimality.x.length} points <button type="button" class="link" aria-expanded=${witnesses} onClick=${() => setWitnesses(!witnesses)}>show</button> that no ${least - 1} segments come within ${shown(data.minimality.tolerance, DIGITS)}</span></li>`}
    </ul>
    ${witnesses && isSmallest && html`<div class="scroll witnesses" tabindex="0"><table><thead><tr><th scope="col">x</th><th scope="col">NN at least</th><th scope="col">at most</th></tr></thead>
      <tbody>${data.minimality.x.map((v, k) => html`<tr key=${k}><td>${shown(v, DIGITS)}</td><td>${shown(data.minimality.lower[k], DIGITS)}</td><td>${shown(data.minimality.upper[k], DIGITS)}</td></tr>`)}</tbody></table></div>`}
    </div><details class="knots"><summary>Knots and λ</summary><div class="scroll" tabindex="0"><table><thead><tr><th scope="col">knot</th><th scope="col">λ</th></tr></thead>
      <tbody>${data.knots.map((v, k) => html`<tr key=${k}><td>${exact(v)}</td><td>${exact(data.lambdas[k])}</td></tr>`)}</tbody></table></div></details>
    ${children}
  </div>`;
}

/** @param {number} value */
const term = (value) => shown(Math.abs(value), DIGITS);

/** NN(x) = λ₁ ReLU(x − t₁) + …, the middle left out where it is long. @param {{data: any}} props */
export function Sum({ data }) {
  const { knots, lambdas, bias, directions } = data;
  const all = lambdas.map((_, k) => k);
  const kept = all.length > 4 ? [0, 1, -1, all.length - 1] : all;
  const relu = (k) => {
    const falls = directions && directions[k] < 0;
    const knot = knots[k];
    const inside = knot === 0 ? html`<mi>x</mi>` : html`<mi>x</mi><mo>${knot > 0 ? "−" : "+"}</mo><mn>${term(knot)}</mn>`;
    return html`<mi mathvariant="normal">ReLU</mi><mo stretchy="false">(</mo>${falls ? html`<mo form="prefix">−</mo><mo stretchy="false">(</mo>${inside}<mo stretchy="false">)</mo>` : inside}<mo stretchy="false">)</mo>`;
  };
  return html`<div class="worked sum" tabindex="0"><math display="block"><mrow>
    <mi mathvariant="normal">NN</mi><mo stretchy="false">(</mo><mi>x</mi><mo stretchy="false">)</mo><mo>=</mo>
    ${bias !== 0 && html`<mn>${shown(bias, DIGITS)}</mn>`}
    ${kept.map((k, place) => k < 0 ? html`<mo>+</mo><mo>⋯</mo>` : html`${place > 0 || bias !== 0 ? html`<mo>${lambdas[k] < 0 ? "−" : "+"}</mo>` : lambdas[k] < 0 ? html`<mo form="prefix">−</mo>` : ""}<mn>${term(lambdas[k])}</mn><mspace width=".17em" />${relu(k)}`)}
  </mrow></math></div>`;
}
