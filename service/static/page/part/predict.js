/** A row typed in, and what the network says of it. */
import { effect, html, signal, untracked, useEffect } from "../vendor/preact.js";
import { ask, download, latest } from "../ask.js";
import { counted, exact, parse, shown } from "../paint/number.js";
import { Menu } from "./chips.js";
import { sentence } from "./request.js";
import { byHandOf } from "./row_by_hand.js";
import { answer, dataset, job, modelName, modelVersion } from "./table_training.js";
import { picked } from "./table_rows.js";

const DIGITS = { kind: "significant_digits", n: 4 };
const ONE_DIGIT = { kind: "significant_digits", n: 1 };
const PAUSE_MILLISECONDS = 150;
const MAX_BARS = 12;

/** The texts of the fields by column; a column without one has that of the first row. */
const texts = signal(new Map());
export const predicted = signal(null);
const problem = signal(null);
const fileProblem = signal(null);
const run = latest();

/** Put a row of the table into the fields. @param {string[]} columns @param {any} row */
export function pick(columns, row) {
  texts.value = new Map(columns.map((name, k) => [name, typeof row.cells[k] === "number" ? exact(row.cells[k]) : String(row.cells[k] ?? "")]));
  picked.value = row;
}

/** The values of the fields by column. @param {any} data @param {string[]} features */
export const rowOf = (data, features) => Object.fromEntries(data.columns.filter((c) => features.includes(c.name)).map((c) => [c.name, cell(c, textOf(data, c.name))]));

/** Where the network answers: as a model once it is saved. */
const address = () => (modelName.value ? `/models/${modelName.value}/predict?version=${modelVersion.value}` : `/train/${job.value.id}/predict`);

/** Predict every row of a file and save the answer as one. @param {File | undefined} file */
async function predictFile(file) {
  if (!file) return;
  try {
    const got = await ask("POST", address(), { body: file, type: "text/csv", accept: "text/csv" });
    answer.value = got;
    download(`${file.name.replace(/\.\w+$/, "")}-predicted.csv`, got.data, "text/csv");
    fileProblem.value = null;
  } catch (refusal) {
    fileProblem.value = refusal;
  }
}

/** @param {any} data @param {string} name */
const firstOf = (data, name) => data.first_rows[0]?.[data.columns.findIndex((c) => c.name === name)] ?? null;

/** @param {any} data @param {string} name */
const textOf = (data, name) => texts.value.get(name) ?? (typeof firstOf(data, name) === "number" ? exact(firstOf(data, name)) : String(firstOf(data, name) ?? ""));

/** @param {any} column @param {string} text */
function cell(column, text) {
  if (text === "") return null;
  if (column.kind !== "number") return column.kind === "boolean" ? text === "true" : text;
  const read = parse(text);
  return "value" in read ? read.value : text;
}

let asked = "";
const follow = () => effect(() => {
  const found = job.value;
  const data = dataset.value;
  const features = found?.training?.data?.features;
  if (found?.state !== "succeeded" || !data || !features) return;
  const columns = features.map((name) => data.columns.find((c) => c.name === name)).filter(Boolean);
  if (columns.length < features.length) return;
  const json = { rows: [rowOf(data, features)] };
  const path = address();
  const key = path + JSON.stringify(json);
  if (key === asked) return;
  asked = key;
  untracked(() => setTimeout(() => key === asked && run(async () => {
    try {
      const got = await ask("POST", path, { json });
      predicted.value = got.data;
      answer.value = got;
      problem.value = null;
    } catch (refusal) {
      problem.value = refusal;
      asked = "";
    }
  }), predicted.value ? PAUSE_MILLISECONDS : 0));
});

/** @param {{data: any, column: any}} props */
function Field({ data, column }) {
  const { name } = column;
  const text = textOf(data, name);
  const put = (value) => {
    texts.value = new Map(texts.value).set(name, value);
    picked.value = null;
  };
  if (column.categories) return html`<${Menu} label=${name} value=${text} choices=${Object.fromEntries(column.categories.map((c) => [String(c.value), String(c.value)]))} onChoose=${put} />`;
  const read = parse(text);
  const fault = problem.value?.errors?.find((e) => e.pointer.endsWith(`/${name}`))?.detail ?? ("error" in read && text ? read.error : "");
  const isBeyond = "value" in read && column.range && (read.value < column.range[0] || read.value > column.range[1]);
  return html`<label class="field"><span class="lbl">${name}</span><input class="entry full" inputmode="decimal" autocomplete="off" value=${text} aria-invalid=${Boolean(fault)}
      onInput=${(event) => put(event.target.value)} />
    ${fault ? html`<span class="fault" role="alert">${fault}</span>` : isBeyond && html`<span class="hint">beyond the rows of the table</span>`}</label>`;
}

/** @param {{data: any}} props */
function Said({ data }) {
  const found = predicted.value;
  if (!found) return null;
  const [said] = found.predictions;
  if (!found.probabilities) return html`<p class="said">${Array.isArray(said) ? said.map((v) => shown(v, DIGITS)).join(", ") : shown(said, DIGITS)} <span class="quiet">${data.target?.column ?? ""}</span></p>`;
  const shares = found.probabilities[0];
  const order = found.classes.map((_, k) => k).sort((a, b) => shares[b] - shares[a]).slice(0, MAX_BARS).sort((a, b) => a - b);
  return html`<div class="probs">${order.map((k) => html`<div key=${k} class=${found.classes[k] === said ? "top" : ""}><span>${String(found.classes[k])}</span>
    <svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true"><rect class="rail" width="100" height="12" rx="2" /><rect class="bar" width=${(100 * shares[k]).toFixed(2)} height="12" rx="2" /></svg>
    <b>${shown(shares[k], shares[k] < 1e-3 ? ONE_DIGIT : DIGITS)}</b></div>`)}</div>`;
}

/** @param {{data: any, children?: any}} props */
export function Predict({ data, children }) {
  useEffect(() => follow(), []);
  const features = job.value?.training?.data?.features ?? [];
  const columns = data.columns.filter((column) => features.includes(column.name));
  if (!columns.length) return null;
  return html`<article class="card"><div class="headrow"><h2>Predict a row</h2>${children}</div>
    <div class="split2">${columns.map((column) => html`<${Field} key=${column.name} data=${data} column=${column} />`)}</div>
    <div role="status"><${Said} data=${data} /></div>
    ${picked.value && html`<p class="small quiet picked">Row ${counted(picked.value.number)}, ${typeof picked.value.truth === "number" ? shown(picked.value.truth, DIGITS) : String(picked.value.truth)} in the table.${" "}
      <button type="button" class="link" onClick=${() => byHandOf(picked.value).catch((refusal) => (fileProblem.value = refusal))}>Step by hand</button></p>`}
    ${fileProblem.value && html`<p class="fault" role="alert">${sentence(fileProblem.value)}</p>`}
    <div class="take"><label class="button ghost filelink">Predict a file<input type="file" class="sr" accept=".csv,text/csv" onChange=${(event) => {
      predictFile(event.target.files[0]);
      event.target.value = "";
    }} /></label></div></article>`;
}
