/** Network and descent of Train as words that can be changed in place. */
import { html } from "../vendor/preact.js";
import { about } from "../ask.js";
import { exact, parse } from "../paint/number.js";
import { Menu } from "./chips.js";
import { useDraft } from "./draft.js";
import { isCurve } from "./train_data.js";

const HIDDEN = ["tanh", "relu", "sigmoid", "leaky_relu", "softplus", "identity"];
export const OPTIMIZERS = { adam: "Adam", momentum: "momentum", nesterov: "Nesterov", lbfgs: "L-BFGS", gradient_descent: "gradient descent" };

/** A word that becomes a field when it is clicked. @param {{text: string, label: string,
 *   onText: (text: string) => string | void}} props `onText` answers what is wrong, if anything is */
export function Word({ text, label, onText }) {
  const [{ typed, error }, setDraft] = useDraft(text);
  const take = () => setDraft({ error: (typed !== text && onText(typed)) || "" });
  return html`<span class="wordbox"><input class="v" aria-label=${label} aria-invalid=${Boolean(error)} value=${typed} size=${Math.max(typed.length, 2)} autocomplete="off"
    onInput=${(e) => setDraft({ typed: e.target.value })} onBlur=${take} onKeyDown=${(e) => e.key === "Enter" && take()} />
    ${error && html`<span class="fault" role="alert">${error}</span>`}</span>`;
}

/** @param {{label: string, value: number, low: number, high: number, whole?: boolean, shown?: string, onValue: (v: number) => void}} props */
const Number_ = ({ label, value, low, high, whole, shown, onValue }) =>
  html`<${Word} label=${label} text=${shown ?? exact(value)} onText=${(text) => {
    const read = parse(text);
    if ("error" in read) return read.error;
    if ((whole && !Number.isInteger(read.value)) || read.value < low || read.value > high) return `${whole ? "whole, " : ""}${exact(low)} to ${exact(high)}`;
    onValue(read.value);
  }} />`;

/** Of these words those that the service has. @param {Record<string, string>} words @param {string[]} [known] */
const offered = (words, known) => (known ? Object.fromEntries(Object.entries(words).filter(([name]) => known.includes(name))) : words);

/** "8" or "8, 8": the hidden layers. @param {string} text @returns {number[] | string} */
function widths(text) {
  const parts = text.split(/[^0-9]+/).filter(Boolean).map(Number);
  if (parts.length > 6) return "at most 6 hidden layers here";
  if (parts.some((n) => n < 1 || n > 256)) return "1 to 256 units a layer here";
  return parts;
}

/** How many points of a toy set, and how noisy. @param {{q: any, put: (part: any) => void}} props */
export function Draw({ q, put }) {
  const data = (part) => put({ data: { ...q.data, ...part } });
  return q.data.points ? null : html`<p class="inline">
    <span>samples <${Number_} label="samples" value=${q.data.samples} whole low=${2} high=${5000} onValue=${(samples) => data({ samples })} /></span>
    <span>noise <${Number_} label="noise" value=${q.data.noise} low=${0} high=${5} onValue=${(noise) => data({ noise })} /></span>
    ${q.data.dataset === "blobs" && html`<span>classes <${Number_} label="classes" value=${q.data.classes} whole low=${2} high=${10} onValue=${(n) => data({ classes: n })} /></span>`}
  </p>`;
}

/** @param {{q: any, classes: number, count: number, put: (part: any) => void}} props */
export function Settings({ q, classes, count, put }) {
  const names = (about.value?.activations ?? HIDDEN).filter((n) => n !== "softmax");
  const menu = (list) => Object.fromEntries(list.map((n) => [n, n.replace("_", " ")]));
  return html`
    <div class="group"><h2 class="sub">Network</h2><dl class="pairs">
      <dt>${isCurve(q.data) ? "1 input" : "2 inputs"}, then</dt><dd><${Word} label="units of the hidden layers" text=${q.hidden.length ? q.hidden.join(", ") : "none"} onText=${(text) => {
        const found = widths(text);
        if (typeof found === "string") return found;
        put({ hidden: found });
      }} /> <${Menu} bare label="activation" value=${q.activation} choices=${menu(names)} onChoose=${(activation) => put({ activation })} /></dd>
      <dt>output</dt><dd>${isCurve(q.data) ? "1 identity" : classes > 2 ? `${classes} softmax` : "1 sigmoid"}</dd>
    </dl></div>
    <div class="group"><h2 class="sub">Descent</h2><dl class="pairs">
      <dt><${Menu} bare label="optimizer" value=${q.optimizer} choices=${offered(OPTIMIZERS, about.value?.optimizers)} onChoose=${(optimizer) => put({ optimizer })} />, <i class="v">η</i></dt>
      <dd><${Number_} label="step size η" value=${q.eta} low=${1e-6} high=${1e4} onValue=${(eta) => put({ eta })} /></dd>
      <dt>iterations</dt><dd><${Number_} label="iterations" value=${q.iterations} whole low=${1} high=${1e6} onValue=${(iterations) => put({ iterations })} /></dd>
      <dt>batch</dt><dd><${Word} label="samples of a batch" text=${q.batch === null ? `all ${count}` : String(q.batch)} onText=${(text) => {
        if (/all/i.test(text) || text.trim() === "") return void put({ batch: null });
        const n = Number(text);
        if (!Number.isInteger(n) || n < 1) return "a whole number, or all";
        put({ batch: n >= count ? null : n });
      }} /></dd>
      <dt>loss</dt><dd>${isCurve(q.data) ? "squared" : classes > 2 ? "cross-entropy" : html`<${Menu} bare label="loss" value=${q.loss} choices=${{ binary_cross_entropy: "cross-entropy", squared: "squared" }} onChoose=${(loss) => put({ loss })} />`}</dd>
      <dt>seed, restarts</dt><dd><${Number_} label="seed of the weights" value=${q.seed} whole low=${0} high=${2 ** 31} onValue=${(seed) => put({ seed })} />,
        <${Number_} label="restarts from other seeds" value=${q.restarts} whole low=${1} high=${64} onValue=${(restarts) => put({ restarts })} /></dd>
    </dl></div>`;
}
