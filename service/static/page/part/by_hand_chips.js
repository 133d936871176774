/** The chips over the drawing: which network, and how its numbers are rounded. */
import { html, useState } from "../vendor/preact.js";
import { about, ask } from "../ask.js";
import { exact, listed } from "../paint/number.js";
import { GOLDEN, MAX_SAMPLES, byHand, problem, samplesOf, set, toSample } from "./by_hand_state.js";
import { Chip, Choices, Menu, NumberField } from "./chips.js";

const ACTIVATIONS = ["sigmoid", "relu", "tanh", "identity", "leaky_relu", "softplus", "softmax"];
export const LOSSES = { squared: "half the squared error", squared_sum: "squared error", mean_squared: "mean squared error", binary_cross_entropy: "binary cross-entropy", cross_entropy: "cross-entropy" };

const small = (part) => ({ ...GOLDEN, ...part, step: 5 });

const NETWORKS = {
  "2–3–2, of the sheet": GOLDEN,
  "2–2–1": small({
    layers: [
      { weights: [[0.5, -0.3], [0.2, 0.8]], biases: [0.1, -0.2], activation: "sigmoid" },
      { weights: [[0.7, -0.6]], biases: [0.3], activation: "sigmoid" },
    ], x: [1, 0.5], y: [1],
  }),
  "XOR by ReLUs": small({
    layers: [
      { weights: [[1, 1], [1, 1]], biases: [0, -1], activation: "relu" },
      { weights: [[1, -2]], biases: [0], activation: "identity" },
    ], x: [1, 0], y: [1], samples: [[[0, 0], [0]], [[0, 1], [1]], [[1, 0], [1]], [[1, 1], [0]]], sample: 2,
  }),
  "3 classes": small({
    layers: [
      { weights: [[0.4, -0.6], [0.3, 0.5]], biases: [0.1, 0], activation: "tanh" },
      { weights: [[1, -0.5], [-0.4, 0.8], [0.2, 0.3]], biases: [0, 0.1, -0.1], activation: "softmax" },
    ], x: [1, -1], y: [0, 1, 0], loss: "cross_entropy",
  }),
};

/** A network of the sizes asked for, with numbers that are good by hand: those of an exercise.
 * @param {string} text @param {any} q */
async function ofSizes(text, q) {
  const sizes = text.split(/[^0-9]+/).filter(Boolean).map(Number);
  const activations = sizes.slice(1).map((_, l) => q.layers[Math.min(l, q.layers.length - 1)].activation);
  if (activations.length) activations[activations.length - 1] = q.layers.at(-1).activation;
  for (let l = 0; l + 1 < activations.length; l++) if (activations[l] === "softmax") activations[l] = "sigmoid";
  const seed = Math.floor(Math.random() * 1_000_000);
  try {
    const { data } = await ask("POST", "/exercises", { json: { kind: "backprop", seed, sizes, activations, loss: q.loss } });
    const { network, x, y } = data.given;
    problem.value = null;
    set({ layers: network.layers, x, y, step: 2 * activations.length + 1, entry: 0, trace: null, samples: null, sample: 0 });
  } catch (refusal) {
    problem.value = refusal;
  }
}

export function NetworkChip() {
  const q = byHand.value;
  const sizes = [q.x.length, ...q.layers.map((l) => l.biases.length)];
  const [text, setText] = useState("");
  const names = about.value?.activations ?? ACTIVATIONS;
  const used = [...new Set(q.layers.map((l) => l.activation))];
  const choose = (name) => set({ ...NETWORKS[name], kind: q.kind, n: q.n, rounding: q.rounding });
  const activate = (l, activation) =>
    set({ layers: q.layers.map((layer, k) => (k === l ? { ...layer, activation } : layer)) });
  return html`<${Chip} title="Network" label=${`${sizes.join("–")}, ${listed(used.map(String)).replace(" and ", ", ")}`}>
    <${Choices} label="network" value="" choices=${Object.fromEntries(Object.keys(NETWORKS).map((n) => [n, n]))} onChoose=${choose} />
    <form onSubmit=${(e) => { e.preventDefault(); ofSizes(text || sizes.join(", "), q); }}>
      <label class="field"><span class="lbl">own sizes, with fresh numbers</span>
        <span class="row2"><input class="entry full" value=${text} placeholder=${sizes.join(", ")} autocomplete="off"
          onInput=${(e) => setText(e.target.value)} /><button class="button ghost">Make it</button></span></label>
    </form>
    <div class="split2">
      ${q.layers.map((layer, l) => html`<${Menu} key=${l} label=${`σ of layer ${l + 1}`} value=${layer.activation}
        choices=${Object.fromEntries(names.filter((n) => n !== "softmax" || l === q.layers.length - 1).map((n) => [n, n.replace("_", " ")]))}
        onChoose=${(name) => activate(l, name)} />`)}
      <${Menu} label="loss" value=${q.loss} choices=${LOSSES} onChoose=${(loss) => set({ loss })} />
      <${NumberField} label=${html`step size <i class="v">η</i>`} value=${q.eta} low=${1e-6} high=${1e6} onValue=${(eta) => set({ eta })} />
    </div>
    <div class="take tight"><${AddSample} q=${q} /></div>
  </>`;
}

/** @param {number[]} values */
const written = (values) => values.map(exact).join(", ");

/** A new sample is a copy, whose numbers are then changed in the drawing. @param {{q: any}} props */
const AddSample = ({ q }) => html`<button type="button" class="button ghost" disabled=${samplesOf(q).length >= MAX_SAMPLES}
  onClick=${() => toSample([...samplesOf(q), [q.x, q.y]], samplesOf(q).length)}>Add a sample</button>`;

/** The samples of a batch: E and the gradients of its mean stand beside a trace. */
export function SamplesChip() {
  const q = byHand.value;
  const samples = samplesOf(q);
  if (samples.length < 2) return null;
  const remove = () => {
    const left = samples.filter((_, k) => k !== q.sample);
    toSample(left, Math.min(q.sample, left.length - 1));
  };
  return html`<${Chip} title="Samples" label=${`sample ${q.sample + 1} of ${samples.length}`}>
    <ol class="samples">${samples.map(([x, y], k) => html`<li key=${k}><button type="button" class="plain" aria-pressed=${k === q.sample} onClick=${() => toSample(samples, k)}>
      <i class="v">x</i> = ${written(x)}, <i class="v">y</i> = ${written(y)}</button></li>`)}</ol>
    <div class="take tight"><${AddSample} q=${q} /><button type="button" class="button ghost" onClick=${remove}>Remove this one</button></div></>`;
}

/** @param {{q?: any, put?: (part: any) => void}} props */
export function RoundingChip({ q = byHand.value, put = set }) {
  const words = `${q.n} ${q.kind === "decimals" ? "decimals" : "digits"}${q.rounding === "each_step" ? ", each step" : ""}`;
  return html`<${Chip} title="Rounding" label=${words}>
    <${Choices} label="numbers have" value=${q.kind} choices=${{ significant_digits: "significant digits", decimals: "decimals" }} onChoose=${(kind) => put({ kind })} />
    <${NumberField} label="how many" value=${q.n} whole low=${1} high=${15} onValue=${(n) => put({ n })} />
    <${Choices} label="rounded" value=${q.rounding} choices=${{ display: "only when shown", each_step: "at each step, and gone on with" }} onChoose=${(rounding) => put({ rounding })} />
  </>`;
}
