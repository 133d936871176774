/** By hand: the drawing, the ribbon of steps, and the step worked out. */
import { html, useEffect } from "../vendor/preact.js";
import { ask, download } from "../ask.js";
import { isDrawable, plan } from "../paint/geometry.js";
import { shown } from "../paint/number.js";
import { anchorsOf } from "../part/anchors.js";
import { bodyOf, roundingOf } from "../part/computation.js";
import { Editor } from "../part/editor.js";
import { LessonList, hiddenFrom } from "../part/lesson.js";
import { narrow } from "../part/screen.js";
import { Drawing } from "../part/network.js";
import { byHand, change, editing, problem, result, roving, runAt, set, stale, start, steps, toStep } from "../part/by_hand_state.js";
import { NetworkChip, RoundingChip, SamplesChip } from "../part/by_hand_chips.js";
import { Foot, Request } from "../part/request.js";
import { Ribbon } from "../part/ribbon.js";
import { Simplified } from "../part/simplified.js";
import { Sigma, markOf } from "../part/sigma.js";
import { entriesOf, litBy, meaningOf, titleOf } from "../part/steps.js";
import { Tables } from "../part/tables.js";
import { TracePanel, tracedDrawing } from "../part/trace.js";
import { Formulas, OwnNumber } from "../part/worked.js";

const SQUARES = html`Σ (<tspan class="it">x</tspan> − <tspan class="it">y</tspan>)²`;
const ERROR = { squared_sum: SQUARES, mean_squared: "mean squared error", squared: html`½ Σ (<tspan class="it">x</tspan> − <tspan class="it">y</tspan>)²`, cross_entropy: html`−Σ <tspan class="it">y</tspan> ln <tspan class="it">x</tspan>`, binary_cross_entropy: "binary cross-entropy" };

/** What of every unit is known at a step. @param {any} q @param {number} at @param {any} entry */
function unitsAt(q, at, entry) {
  const now = steps.value[at];
  const found = result.value;
  const rounding = { kind: q.kind, n: q.n };
  const fresh = found && found.question.layers.length === q.layers.length && found.question.layers.every(
    (layer, l) => layer.biases.length === q.layers[l].biases.length);
  const order = new Map(steps.value.map((s, k) => [`${s.kind}/${s.l}`, k]));
  const hidden = hiddenFrom.value;
  const known = (kind, l) => {
    const k = (order.get(`${kind}/${l}`));
    return k < at || (k === at && (hidden === null || k < hidden));
  };
  return q.layers.map((layer, l) => layer.biases.map((_, i) => {
    const value = (name) => (q.rounding === "each_step" ? found?.entries.get(`layers/${l}/${name}/${i}`)?.value : found?.backprop.layers[l][name]?.[i]);
    const exact = (name) => (q.rounding === "each_step" ? found?.entries.get(`layers/${l}/${name}/${i}`)?.exact : undefined);
    const text = (name) => (fresh && known(name, l) ? shown(value(name), rounding, exact(name)) : "");
    const isNow = now.l === l && (now.kind === "loss" || entry.i === i) && now.kind !== "loss";
    const delta = text("delta");
    return {
      s: text("s"), x: text("x"), isNow, isDone: Boolean(text("s")),
      mark: text("x") ? markOf(layer.activation, found?.entries.get(`layers/${l}/slope/${i}`)?.value) : "",
      foot: delta ? { symbol: "δ", text: delta, value: value("delta"), strong: isNow || (now.kind === "delta" && now.l === l - 1) } : null,
    };
  }));
}

/** @param {{q: any, at: number, entry: any}} props */
function Picture({ q, at, entry }) {
  const p = plan([q.x.length, ...q.layers.map((l) => l.biases.length)], narrow.value);
  const anchors = anchorsOf(p, q.layers, q.x, q.y);
  const now = steps.value[at];
  const actions = {
    roving: roving.value, rove: (pointer) => (roving.value = pointer),
    trace: (pointer) => set({ trace: pointer }),
    edit: (anchor, label, byKey) => {
      runAt.value = null;
      editing.value = { ...anchor, label, byKey };
    },
  };
  const done = at >= steps.value.findIndex((s) => s.kind === "loss") && result.value && hiddenFrom.value !== at;
  const shared = { plan: p, layers: q.layers, anchors, actions, inputs: q.x.map((_, j) => ({ isNow: now.kind === "inputs" && entry.i === j })) };
  const close = () => {
    const { pointer, byKey } = editing.value;
    editing.value = null;
    // At once: a later frame could take the focus from what the reader has gone to.
    if (byKey) /** @type {HTMLElement | null} */ (document.querySelector(`.numeral[data-pointer="${pointer}"]`))?.focus();
  };
  const traced = q.trace && result.value && tracedDrawing(q, p, shared, result.value);
  return html`<figure class=${`net ${stale.value ? "stale" : ""}`}>
    ${traced ?? html`<${Drawing} ...${shared} units=${unitsAt(q, at, entry)} lit=${litBy(now, entry, q.layers)} blank=${hiddenFrom.value === at}
      label=${`The ${[q.x.length, ...q.layers.map((l) => l.biases.length)].join("-")} network at ${now.name}`}
      error=${{ isNow: now.kind === "loss", text: done ? shown(result.value?.backprop.loss, { kind: q.kind, n: q.n }) : "", formula: ERROR[q.loss] }} />`}
    ${editing.value && html`<${Editor} key=${editing.value.pointer} editing=${editing.value} plan=${p} onValue=${change} onClose=${close}
      onTrace=${(pointer) => set({ trace: pointer })} />`}
  </figure>`;
}

/** The worked step. @param {{q: any, at: number, entry: any}} props */
function Worked({ q, at, entry }) {
  const step = steps.value[at];
  const lines = entry.quantities.map((p) => result.value?.entries.get(p)).filter(Boolean);
  const hidden = hiddenFrom.value === at;
  const last = entry.quantities.at(-1);
  return html`<article class="card" aria-live="polite">
      <h2>${titleOf(step, entry)}</h2>
      <p class="quiet small">${meaningOf(step, q.layers, q.loss)}</p>
      ${lines.length > 0 && html`<${Formulas} entries=${lines} hidden=${hidden} old=${result.value?.written !== result.value?.question} rounding=${{ kind: q.kind, n: q.n }} />`}
      ${last && html`<${OwnNumber} key=${last} pointer=${last} question=${{ ...bodyOf(q), eta: step.kind === "update" ? q.eta : undefined }} layers=${q.layers} strong=${hidden} />`}
    </article>
    ${step.kind === "x" && !hidden && html`<${Sigma} q=${q} l=${step.l} i=${entry.i} found=${result.value} />`}`;
}

const DOCUMENTS = { "Whole solution as a page": ["text/html", "solution.html"], LaTeX: ["application/x-tex", "solution.tex"], Markdown: ["text/markdown", "solution.md"] };

/** @param {string} accept @param {string} name */
async function take(accept, name) {
  const q = byHand.value;
  try {
    const { data } = await ask("POST", "/solution", { json: { ...bodyOf(q), eta: q.eta, ...roundingOf(q) }, accept });
    download(name, data, accept);
  } catch (refusal) {
    problem.value = refusal;
  }
}

export function ByHand() {
  const q = byHand.value;
  const at = Math.min(runAt.value ?? q.step, steps.value.length - 1);
  const entries = entriesOf(steps.value[at], q.layers, q.x);
  const entry = entries[Math.min(q.entry, entries.length - 1)];
  useEffect(start, []);
  const drawable = isDrawable([q.x.length, ...q.layers.map((l) => l.biases.length)]);
  return html`<div class="two">
      <div>
        <div class="lead">
          <div><h1>${q.trace ? html`From one weight to the error` : html`Backpropagation, step by step`}</h1>
          <p>${q.trace ? html`Click another weight to trace it. <span class="wide-inline"><kbd>Esc</kbd> goes back to the steps.</span>`
            : html`Click any number to change it. <span class="wide-inline"><kbd>→</kbd> next step, <kbd>↓</kbd> next unit.</span>`}</p></div>
          <div class="chips"><${NetworkChip} /><${SamplesChip} /><${RoundingChip} /></div>
        </div>
        ${drawable ? html`<${Picture} ...${{ q, at, entry }} />` : html`<${Tables} q=${q} found=${result.value} />`}
        <${Ribbon} steps=${steps.value} current=${at} onStep=${toStep} />
      </div>
      <div class="side">
        ${q.trace ? html`<${TracePanel} q=${q} found=${result.value} set=${set} />` : html`<${Worked} ...${{ q, at, entry }} />`}
        <${LessonList} />
        ${hiddenFrom.value === null && html`<${Request} answer=${result.value?.answer ?? null} />`}
      </div>
    </div>
    <${Simplified} view="by-hand" />
    <${Foot} answer=${result.value?.answer ?? null} problem=${problem.value} note=${problem.value && result.value ? " The picture is of the last valid input." : ""}>
      ${Object.entries(DOCUMENTS).map(([word, [accept, name]]) => html`<button type="button" class="link" key=${word} onClick=${() => take(accept, name)}>${word}</button>`)}
      <button type="button" class="link" onClick=${() => print()}>Print</button>
    </>`;
}
