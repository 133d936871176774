/** A network too large to be drawn: a schematic drawing, and a table for each layer. */
import { html } from "../vendor/preact.js";
import { shown } from "../paint/number.js";

const MAX_ROWS = 200;

/** @param {{q: any, found: any}} props */
export function Tables({ q, found }) {
  const rounding = { kind: q.kind, n: q.n };
  const sizes = [q.x.length, ...q.layers.map((l) => l.biases.length)];
  return html`<div class="tables">
    <svg class="schema" viewBox=${`0 0 ${sizes.length * 110} 74`} role="img" aria-label=${`A ${sizes.join("-")} network`}>
      ${sizes.map((n, l) => html`${l > 0 && html`<path class="rule" d=${`M${l * 110 - 34} 30H${l * 110 + 16}`} />`}
        <rect class="box done" x=${l * 110 + 20} y="8" width="52" height="44" rx="10" />
        <text class="num" x=${l * 110 + 46} y="36">${n}</text>
        <text class="cap" x=${l * 110 + 46} y="69" text-anchor="middle">${l ? q.layers[l - 1].activation : "inputs"}</text>`)}
    </svg>
    ${q.layers.map((layer, l) => {
      const values = found?.backprop.layers[l];
      return html`<details open=${layer.biases.length <= 20}><summary>Layer ${l + 1}, ${layer.biases.length} ${layer.activation} units</summary>
        <div class="scroll" tabindex="0"><table class="numbers"><thead><tr><th scope="col">unit</th><th scope="col">s</th><th scope="col">x</th><th scope="col">δ</th><th scope="col">b</th>
          <th scope="col">w from ${layer.weights[0].length > 1 ? `1 … ${layer.weights[0].length}` : "1"}</th></tr></thead>
        <tbody>${layer.weights.slice(0, MAX_ROWS).map((row, i) => html`<tr key=${i}><th scope="row">${i + 1}</th>
          ${["s", "x", "delta"].map((name) => html`<td>${shown(values?.[name]?.[i], rounding)}</td>`)}<td>${shown(layer.biases[i], rounding)}</td>
          <td class="row">${row.map((w) => shown(w, rounding)).join("  ")}</td></tr>`)}</tbody></table></div></details>`;
    })}
  </div>`;
}
