/** The first wrong number: where, yours, what it should be, what happened; and the counts. */
import { html } from "../vendor/preact.js";
import { exact, shown } from "../paint/number.js";
import { quantity } from "./maths.js";
import { Formulas } from "./worked.js";

const SYMBOLS = ({
  s: ["s", "the sum of"], x: ["x", "the output of"], delta: ["δ", "the δ of"], slope: ["σ′", "the slope at"], x_gradient: ["∂E/∂x", "what comes back to"],
  weights_gradient: ["∂E/∂w", "a weight of"], biases_gradient: ["∂E/∂b", "the bias of"], updated_weights: ["w", "a new weight of"], updated_biases: ["b", "the new bias of"],
});

/** @param {string} pointer */
function where(pointer) {
  const [, place, l, name, i, j] = pointer.split("/");
  if (place === "loss") return html`<i class="v">E</i>`;
  const [symbol, words] = SYMBOLS[name];
  const index = j === undefined ? Number(i) + 1 : `${Number(i) + 1}${Number(j) + 1}`;
  return html`<math>${quantity(symbol, Number(l) + 1, index)}</math>, ${words} unit ${Number(i) + 1}`;
}

/** @param {{report: any, hints: number}} props */
export function Verdict({ report, hints }) {
  if (!report) return html`<div class="card" role="status"><h2>Checking your numbers …</h2></div>`;
  const { data } = report.answer;
  const wrong = data.first_wrong;
  const given = data.correct + data.follows + data.wrong;
  const counts = { correct: data.correct, follow: data.follows, wrong: data.wrong, "to do": data.missing };
  const mistakes = (wrong?.mistakes ?? []).map((m) => m.sentence);
  const title = wrong ? "The first wrong number" : given ? (data.missing ? "All right so far" : "All of it is right") : "Nothing to judge yet";
  return html`<div class="card" role="status">
    <h2>${title}</h2>
    ${wrong && html`<dl class="slip">
      <dt>where</dt><dd>${where(wrong.pointer)}</dd>
      <dt>yours</dt><dd class="big">${exact(wrong.value)}</dd>
      ${wrong.expected !== null && hints === 2 && html`<dt>should be</dt><dd class="big">${shown(wrong.expected, report.rounding)}</dd>`}
      ${hints > 0 && html`<dt>what happened</dt><dd>${mistakes.length ? mistakes.join(" Or: ") : "None of the usual slips gives this number."}</dd>`}
    </dl>`}
    ${wrong && hints === 2 && report.lines && html`<${Formulas} entries=${[report.lines]} rounding=${report.rounding} />`}
    ${!wrong && html`<p class="quiet">${given ? (data.missing ? "Every number that is there fits. Go on." : "Every number fits, to the digits you gave.") : "Type a number into any box."}</p>`}
    <dl class="verdicts">${Object.entries(counts).map(([word, count]) => html`<div key=${word}><dt>${word}</dt><dd>${count}</dd></div>`)}</dl>
  </div>`;
}
