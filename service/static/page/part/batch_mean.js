/** Beside a trace: the gradient of the mean over the batch, of which the trace explains one sample. */
import { effect, html, signal, untracked, useEffect } from "../vendor/preact.js";
import { ask, latest } from "../ask.js";
import { counted, shown } from "../paint/number.js";
import { byHand, samplesOf } from "./by_hand_state.js";
import { bodyOf } from "./computation.js";

const DIGITS = { kind: "significant_digits", n: 4 };
const found = signal(/** @type {{key: string, layers: any[]} | null} */ (null));
const run = latest();

/** @param {any} q */
function question(q) {
  const samples = samplesOf(q);
  return { ...bodyOf(q), x: samples.map(([x]) => x), y: samples.map(([, y]) => y) };
}

const follow = () => effect(() => {
  const q = byHand.value;
  if (!q.trace || !q.samples) return;
  const json = question(q);
  const key = JSON.stringify(json);
  if (found.peek()?.key === key) return;
  untracked(() => run(async () => {
    try {
      const { data } = await ask("POST", "/backprop", { json });
      found.value = { key, layers: data.layers };
    } catch {
      found.value = null; // the view itself says what is refused
    }
  }));
});

/** @param {{q: any, own: any, target: {l: number, i: number, j: number | null}}} props */
export function BatchMean({ q, own, target: { l, i, j } }) {
  useEffect(() => follow(), []);
  if (!q.samples || found.value?.key !== JSON.stringify(question(q))) return null;
  const layer = found.value.layers[l];
  const value = j === null ? layer.biases_gradient[i] : layer.weights_gradient[i][j];
  return html`<p class="batchmean">Mean of the ${counted(q.samples.length)} samples: <math><mo lspace="0" rspace="0">∂</mo><mi>E</mi><mo lspace=".1em" rspace=".1em">/</mo><mo lspace="0" rspace="0">∂</mo>${own}<mo>=</mo><mn>${shown(value, DIGITS)}</mn></math></p>`;
}
