/** The tracer: every path from one weight to E, its factors, their products, and the sum. */
import { html, signal } from "../vendor/preact.js";
import { ask, latest } from "../ask.js";
import { counting, shown } from "../paint/number.js";
import { plan } from "../paint/geometry.js";
import { anchorsOf } from "./anchors.js";
import { bodyOf } from "./computation.js";
import { Icon } from "./icons.js";
import { quantity } from "./maths.js";
import { Drawing, sign } from "./network.js";
import { sentence } from "./request.js";
import { BatchMean } from "./batch_mean.js";
import { Sigma } from "./sigma.js";

/** @typedef {{units: number[], factors: number[], product: number}} Path */

const MAX_PATHS = 8;
const DIGITS = { kind: ("significant_digits"), n: 4 };

/** The answer for the weight traced, kept with the question it belongs to. */
export const traced = signal(null);
const problem = signal(null);
export const lone = signal(null);
/** Which unit of the paths σ is drawn for. */
export const watched = signal(0);

/** "/network/layers/0/weights/1/2" → layer, unit and unit below; the bias has none.
 * @param {string} pointer */
export function target(pointer) {
  const [, , , l, name, i, j] = pointer.split("/");
  return { l: Number(l), i: Number(i), j: name === "biases" ? null : Number(j) };
}

const run = latest();
let asked = "";

/** @param {any} q */
function inquire(q) {
  const key = JSON.stringify([bodyOf(q), q.trace]);
  if (key === asked) return;
  asked = key;
  const { l, i, j } = target(q.trace);
  const json = { ...bodyOf(q), trace: { layer: l + 1, to: i + 1, from: j === null ? null : j + 1, at_most: MAX_PATHS } };
  run(async () => {
    try {
      const answer = await ask("POST", "/backprop", { json });
      traced.value = { key, trace: answer.data.trace, answer };
      problem.value = null;
    } catch (refusal) {
      problem.value = refusal;
    }
  });
}

/** @param {any} q @returns {any} */
const traceOf = (q) => (traced.value?.key === JSON.stringify([bodyOf(q), q.trace]) ? traced.value.trace : null);

/** @param {any} q @param {any} trace */
function litPaths(q, trace) {
  /** @type {Map<string, string>} */
  const lit = new Map();
  const { l, i, j } = target(q.trace);
  if (j !== null) lit.set(`${l}/${i}/${j}`, "forward");
  for (const [k, path] of (trace?.paths ?? []).entries()) {
    if (lone.value !== null && lone.value !== k) continue;
    path.units.slice(1).forEach((unit, step) => lit.set(`${l + 1 + step}/${unit - 1}/${path.units[step] - 1}`, "forward"));
  }
  return lit;
}

/** On a phone the edge to E is short: its factor stands at the margin, above the edge or below it.
 * @param {any} box @param {any} e @param {any} p */
function beside(box, e, p) {
  const level = box.y - e.y;
  const y = Math.abs(level) < e.r + 14 ? e.y - e.r - 8 : level < 0 ? box.y - 10 : box.y + 20;
  return { x: p.width - 2, y };
}

/** The drawing with E as a node and each factor where it belongs.
 * @param {any} q @param {any} _plan @param {any} shared @param {any} found */
export function tracedDrawing(q, _plan, shared, found) {
  inquire(q);
  const trace = traceOf(q);
  const sizes = [q.x.length, ...q.layers.map((layer) => layer.biases.length)];
  const base = plan(sizes, shared.plan.narrow);
  const p = base.narrow ? { ...base, width: base.width + 64 } : base;
  const anchors = anchorsOf(p, q.layers, q.x, q.y);
  const { l, i, j } = target(q.trace);
  const paths = (trace?.paths ?? []).filter((_, k) => lone.value === null || lone.value === k);
  const onPath = new Set(paths.flatMap((path) => path.units.map((unit, step) => `${l + step}/${unit - 1}`)));
  const rounding = { kind: q.kind, n: q.n };
  const value = (name, layer, unit) =>
    found.backprop.layers[layer]?.[name]?.[unit] ?? found.entries.get(`layers/${layer}/${name}/${unit}`)?.value;
  const units = q.layers.map((layer, m) => layer.biases.map((_, u) => {
    const slope = value("slope", m, u);
    const isOn = onPath.has(`${m}/${u}`);
    return {
      s: shown(value("s", m, u), rounding), x: shown(value("x", m, u), rounding), isNow: m === l && u === i, isDone: true, mark: "",
      foot: isOn && slope !== undefined ? { symbol: "σ′", text: shown(slope, rounding), value: slope, strong: true } : null,
    };
  }));
  const last = q.layers.length - 1;
  const outputs = p.units[last];
  const e = { x: p.narrow ? p.width - 28 : 780, y: (outputs[0].y + outputs[outputs.length - 1].y) / 2, r: p.narrow ? 26 : 34 };
  if (!p.narrow) e.x = p.width - 36;
  const errors = outputs.map((box, k) => {
    const gradient = value("x_gradient", last, k);
    const isOn = onPath.has(`${last}/${k}`) && gradient !== undefined;
    const [x1, y1] = [box.x + box.w, box.y];
    const far = Math.hypot(e.x - x1, e.y - y1) || 1;
    const [x2, y2] = [e.x - ((e.x - x1) * e.r) / far, e.y - ((e.y - y1) * e.r) / far];
    return html`<path class=${`edge ${sign(gradient ?? 0)} ${isOn ? "on" : ""}`} stroke-width="2" d=${`M${x1} ${y1}L${x2} ${y2}`} />
      ${isOn && html`<text class=${`wl on ${p.narrow ? "end" : ""} ${sign(gradient)}`} ...${p.narrow ? beside(box, e, p) : { x: (x1 + x2) / 2, y: (y1 + y2) / 2 + (outputs.length === 1 ? -8 : 5) }}>${shown(gradient, rounding)}</text>`}
      <text class="cap" x=${box.x + box.w - 4} y=${box.y - box.h / 2 - 7} text-anchor="end"><tspan class="it">y</tspan> ${anchors.targets[k].text}</text>`;
  });
  return html`<${Drawing} ...${shared} plan=${p} anchors=${anchors} units=${units} lit=${litPaths(q, trace)} traced=${q.trace} showTargets=${false}
    inputs=${q.x.map((_, u) => ({ isNow: u === j }))} error=${null} label=${`The paths from ${j === null ? "a bias" : `weight ${i + 1}${j + 1}`} of layer ${l + 1} to the error are lit, each factor on its edge.`}>
    ${errors}
    <circle class="box done" cx=${e.x} cy=${e.y} r=${e.r} /><text class="num big" x=${e.x} y=${e.y - 4}><tspan class="it">E</tspan></text>
    <text class=${`num ${p.narrow ? "tiny" : "tight"}`} x=${e.x} y=${e.y + 14}>${shown(found.backprop.loss, rounding)}</text>
  </>`;
}

/** As many decimals as let the printed addends add up to the printed sum.
 * @param {number[]} parts @param {number} sum */
export function decimalsFor(parts, sum) {
  const least = Math.max(0, DIGITS.n - 1 - Math.floor(Math.log10(Math.abs(sum) || 1)));
  for (let d = least; d < least + 9; d++) {
    const unit = 10 ** d;
    if (parts.reduce((total, part) => total + Math.round(part * unit), 0) === Math.round(sum * unit)) return d;
  }
  return least + 2;
}

/** @param {number} l @param {number} layers @param {any} own @param {number} unit */
function factorNames(l, layers, own, unit) {
  const over = (a, b) => html`<math><mo lspace="0" rspace="0">∂</mo>${a}<mo lspace=".1em" rspace=".1em">/</mo><mo lspace="0" rspace="0">∂</mo>${b}</math>`;
  const names = [over(html`<mi>E</mi>`, quantity("x", layers, layers - 1 === l ? unit : "k"))];
  for (let m = layers; m > l; m--) {
    const index = m - 1 === l ? unit : m === layers ? "k" : "j";
    names.push(over(quantity("x", m, index), quantity("s", m, index)));
    names.push(m === l + 1 ? over(quantity("s", m, index), own) : over(quantity("s", m, index), quantity("x", m - 1, m - 2 === l ? unit : "j")));
  }
  return names;
}

/** ∂E/∂x and σ′ of the top as one factor, ∂E/∂s. @param {any[]} names @param {number} l @param {number} top @param {number} unit */
const startingAtDelta = (names, l, top, unit) => [html`<math><mo lspace="0" rspace="0">∂</mo><mi>E</mi><mo>/</mo><mo lspace="0" rspace="0">∂</mo>${quantity("s", top, top - 1 === l ? unit : "k")}</math>`, ...names.slice(2)];

/** @param {{q: any, found: any, set: (part: any) => void}} props */
export function TracePanel({ q, found, set }) {
  const trace = traceOf(q);
  const { l, i, j } = target(q.trace);
  const own = j === null ? quantity("b", l + 1, i + 1) : quantity("w", l + 1, `${i + 1}${j + 1}`);
  if (problem.value) return html`<article class="card"><h2>Not traced</h2><p class="quiet">${sentence(problem.value)}</p></article>`;
  if (!trace) return html`<article class="card"><h2>Every path to <i class="v">E</i></h2><p class="quiet">…</p></article>`;
  const paths = trace.paths;
  const total = trace.count;
  const { rest } = trace;
  const addends = [...paths.map((path) => path.product), ...(rest && total > paths.length ? [rest] : [])];
  const d = decimalsFor(addends, trace.sum);
  const fixed = { kind: ("decimals"), n: d };
  const text = (v) => shown(Math.abs(v), fixed);
  const names = trace.start === "x" ? factorNames(l, q.layers.length, own, i + 1) : startingAtDelta(factorNames(l, trace.grouped ? l + 2 : q.layers.length, own, i + 1), l, trace.grouped ? l + 2 : q.layers.length, i + 1);
  const entry = found?.backprop.layers[l][j === null ? "biases_gradient" : "weights_gradient"][i];
  const same = Math.abs((j === null ? entry : entry?.[j]) - trace.sum) <= 1e-12 * Math.max(1, Math.abs(trace.sum));
  const on = paths[0]?.units.map((unit, step) => ({ l: l + step, i: unit - 1 })) ?? [];
  const watch = on[Math.min(watched.value, on.length - 1)];
  const equation = html`<math display="block"><mrow><mo lspace="0" rspace="0">∂</mo><mi>E</mi><mo>/</mo><mo lspace="0" rspace="0">∂</mo>${own}<mo>=</mo>
    ${addends.map((v, k) => html`${k ? html`<mo>${v < 0 ? "−" : "+"}</mo>` : v < 0 ? html`<mo form="prefix">−</mo>` : ""}<mn>${text(v)}</mn>`)}
    ${addends.length > 1 && html`<mo>=</mo><mn class="answer">${shown(trace.sum, fixed)}</mn>`}</mrow></math>`;
  return html`<article class="card">
      <h2>${trace.grouped ? `${counting(paths.length)} groups of ${counting(total).toLowerCase()}` : counting(total)} path${total === 1 ? "" : "s"}, ${counting(names.length).toLowerCase()} factors${total === 1 ? "" : " each"}</h2>
      <div class="scroll" tabindex="0"><table class="factors"><thead><tr><th scope="col">factor</th>
        ${paths.map((path, k) => html`<th scope="col" key=${k}><button type="button" class="plain" aria-pressed=${lone.value === k} onMouseEnter=${() => (lone.value = k)} onMouseLeave=${() => (lone.value = null)}
          onFocus=${() => (lone.value = k)} onBlur=${() => (lone.value = null)}>over ${path.units.slice(1).join("–") || "itself"}</button></th>`)}</tr></thead>
        <tbody>${names.map((name, row) => html`<tr key=${row}><td class="name">${name}</td>${paths.map((path, k) => html`<td key=${k} class=${path.factors[row] < 0 ? "neg" : "pos"}>${shown(path.factors[row], DIGITS)}</td>`)}</tr>`)}</tbody>
        <tfoot><tr><td class="name">product</td>${paths.map((path, k) => html`<td key=${k} class=${path.product < 0 ? "neg" : "pos"}>${shown(path.product, fixed)}</td>`)}</tr></tfoot></table></div>
      ${total > paths.length && html`<p class="quiet small">${total - paths.length} others: ${shown(rest, fixed)}</p>`}
      <div class="worked tight" tabindex="0">${equation}</div>
      <${BatchMean} q=${q} own=${own} target=${{ l, i, j }} />
      ${same && html`<p class="same"><${Icon} name="check" class="ink" /><span>its entry in the table</span></p>`}
      <${Gradients} q=${q} found=${found} l=${l} set=${set} />
    </article>
    ${watch && html`<${Sigma} q=${q} l=${watch.l} i=${watch.i} found=${found} />`}`;
}

/** The gradients of the layer; each is another trace. @param {any} props */
const Gradients = ({ q, found, l, set }) => html`<details class="knots" open><summary>∂<i class="v">E</i> / ∂<i class="v">w</i> of layer ${l + 1}</summary>
  <div class="scroll" tabindex="0"><table class="gradients"><tbody>${found?.backprop.layers[l].weights_gradient.map((row, i) => html`<tr key=${i}>
    ${row.map((v, j) => {
      const pointer = `/network/layers/${l}/weights/${i}/${j}`;
      return html`<td key=${j}><button type="button" class=${`plain ${v < 0 ? "neg" : "pos"}`} aria-pressed=${q.trace === pointer} aria-label=${`trace weight ${i + 1}${j + 1}: ${shown(v, DIGITS)}`} onClick=${() => set({ trace: pointer })}>${shown(v, DIGITS)}</button></td>`;
    })}</tr>`)}</tbody></table></div></details>`;
