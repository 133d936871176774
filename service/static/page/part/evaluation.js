/** How good the network is on rows it was not trained on, and which of them it gets wrong. */
import { effect, html, signal, untracked, useEffect } from "../vendor/preact.js";
import { latest } from "../ask.js";
import { counted, shown } from "../paint/number.js";
import { Menu } from "./chips.js";
import { Confusion } from "./confusion.js";
import { PartRows } from "./part_rows.js";
import { Scatter } from "./scatter.js";
import { sentence } from "./request.js";
import { dataset, evaluation, job } from "./table_training.js";
import { loadRows, rows } from "./table_rows.js";

const DIGITS = { kind: "significant_digits", n: 3 };
const FEW_ROWS = 20;

const chosenPart = signal("");
/** The cell of the confusion table whose rows are listed: a class and what was said; "wrong" is all that are wrong. */
export const listed = signal(/** @type {{truth: any, said: any} | "wrong" | null} */ (null));
const problem = signal(null);
const run = latest();

/** The part shown: as chosen, else the test rows where there are some. @param {any} found */
const partOf = (found) => (found[chosenPart.value] ? chosenPart.value : ["test", "validation", "training"].find((part) => found[part]));

/** Rows are loaded when they are listed or, of a regression, drawn. */
const follow = () => effect(() => {
  const found = evaluation.value;
  if (!found) return;
  const part = partOf(found);
  if (!listed.value && !found[part].regression) return;
  untracked(() => run(() => loadRows(job.value, dataset.value, part).then(() => (problem.value = null), (refusal) => (problem.value = refusal))));
});

/** @param {{part: string, scores: any}} props */
const Classes = ({ part, scores: { rows: count, classification: found } }) => html`
  <div class="verdict"><span class="count">${counted(found.right)}</span><p>of ${counted(count)} ${part} rows right, accuracy ${shown(found.accuracy, DIGITS)}.<br />
    <span class="quiet">Always the most frequent class: ${counted(found.most_frequent)} of ${counted(count)}.</span></p></div>
  <${Confusion} found=${found} listed=${listed.value} onCell=${(cell) => (listed.value = cell)} />`;

/** @param {{part: string, scores: any}} props */
const Numbers = ({ part, scores: { rows: count, regression: found } }) => html`
  <p class="quiet">${counted(count)} ${part} rows</p>
  <table class="measures"><thead><tr><th scope="col">target</th><th scope="col">R²</th><th scope="col">mean absolute error</th><th scope="col">RMSE</th></tr></thead>
    <tbody>${found.map((one) => html`<tr key=${one.name}><th scope="row">${one.name}</th><td>${shown(one.r2, DIGITS) || "–"}</td>
      <td>${shown(one.mean_absolute_error, DIGITS)}</td><td>${shown(one.root_mean_squared_error, DIGITS)}</td></tr>`)}</tbody></table>
  ${found.length === 1 && rows.value?.part === part && rows.value.job === job.value.id && html`<${Scatter} rows=${rows.value.rows} />`}`;

export function Evaluation() {
  useEffect(() => follow(), []);
  const found = evaluation.value;
  if (!found) return null;
  const part = partOf(found);
  const scores = found[part];
  const parts = Object.fromEntries(["test", "validation", "training"].filter((name) => found[name]).map((name) => [name, `${name} rows`]));
  return html`<div class="parthead"><h2>How good it is</h2><${Menu} bare label="rows that are judged" value=${part} choices=${parts} onChoose=${(name) => (chosenPart.value = name)} /></div>
    ${scores.classification ? html`<${Classes} ...${{ part, scores }} />` : html`<${Numbers} ...${{ part, scores }} />`}
    ${part === "test" && scores.rows < FEW_ROWS && html`<p class="quiet small">With fewer than ${FEW_ROWS} test rows the figures say little.</p>`}
    ${problem.value && html`<p class="fault" role="alert">${sentence(problem.value)}</p>`}`;
}

/** The rows of the cell that was clicked, below both halves. */
export function Listed() {
  const found = evaluation.value;
  const here = rows.value;
  if (!listed.value || !found?.training.classification || here?.job !== job.value?.id || here.part !== partOf(found)) return null;
  return html`<${PartRows} found=${here} listed=${listed.value} onClose=${() => (listed.value = null)} />`;
}
