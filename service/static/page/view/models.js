/** Models: from a table of one's own to a trained network, the decisions in between open to change. */
import { effect, html, untracked, useEffect, useState } from "../vendor/preact.js";
import { counted, shown } from "../paint/number.js";
import { is, linkedState } from "../state.js";
import { Chip, Menu } from "../part/chips.js";
import { Columns } from "../part/columns.js";
import { Evaluation, Listed, listed } from "../part/evaluation.js";
import { Icon } from "../part/icons.js";
import { Inference } from "../part/inference.js";
import { Losses } from "../part/losses.js";
import { Foot, Request, sentence } from "../part/request.js";
import { Predict } from "../part/predict.js";
import { Simplified } from "../part/simplified.js";
import { Split } from "../part/split.js";
import { Keep, Versions } from "../part/versions.js";
import { OPTIMIZERS, Word } from "../part/train_settings.js";
import { answer, curve, dataset, evaluation, job, openSample, problem, trainTable, upload, uploading } from "../part/table_training.js";

/** What becomes of a row with a missing value. */
const GAPS = { mean: "filled with the mean", drop: "rows left out" };

const initial = { target: "", uses: {}, validation: 0.2, test: 0.2, hidden: [16], seed: 2, patience: 20, gaps: "" };

export const table = linkedState("models", initial, is.fields({
  target: is.text(200), uses: is.map(is.one(["input", "out"]), 1000), validation: is.number, test: is.number,
  hidden: is.list(is.whole(1, 1024), 6), seed: is.whole(0, 2 ** 53), patience: is.whole(1, 1e6), gaps: (v) => (v === undefined ? "" : is.one(["", ...Object.keys(GAPS)])(v)),
}));

const put = (part) => (table.value = { ...table.value, ...part });

/** The column that a warning is about. @param {string} warning */
const subject = (warning) => /column '(.+?)' (?:alone gives|is constant|has no values)/.exec(warning)?.[1] ?? null;

/** What each column is used for: as chosen, else as the service's warnings advise. @param {any} q @param {any} data */
export function usesOf(q, data) {
  const target = data.columns.some((c) => c.name === q.target) ? q.target : (data.target?.column ?? "");
  const doubted = new Set(data.warnings.map(subject).filter(Boolean));
  return Object.fromEntries(data.columns.map(({ name }) =>
    [name, name === target ? "target" : ((Object.hasOwn(q.uses, name) && q.uses[name]) || (doubted.has(name) ? "out" : "input"))]));
}

/** Whether values are missing in what is used: nowhere, in inputs only, or in the target, whose rows can only be left out.
 * @param {any} data @param {Record<string, string>} uses */
function gapsIn(data, uses) {
  const missing = data.columns.filter((column) => column.missing > 0).map(({ name }) => uses[name]);
  return missing.includes("target") ? "target" : missing.includes("input") ? "input" : "";
}

/** @param {any} q @param {any} data @param {Record<string, string>} uses */
const fillingOf = (q, data, uses) => ({ "": undefined, input: q.gaps || "mean", target: "drop" })[gapsIn(data, uses)];

/** @param {any} q @param {any} data */
export function trainBody(q, data) {
  const uses = usesOf(q, data);
  const named = (use) => Object.keys(uses).filter((name) => uses[name] === use);
  return {
    data: { dataset: data.id, target: named("target")[0], features: named("input"), missing: fillingOf(q, data, uses) },
    architecture: { hidden: q.hidden, seed: q.seed }, seed: q.seed,
    validation_fraction: q.validation, test_fraction: q.test, early_stopping: { patience: q.patience },
  };
}

let asked = "";
const follow = () => effect(() => {
  const data = dataset.value;
  if (!data) return;
  const body = trainBody(table.value, data);
  const key = JSON.stringify(body);
  if (key === asked) return;
  asked = key;
  untracked(() => body.data.target && trainTable(body));
});

/** @param {string} name @param {string} use */
function choose(name, use) {
  const uses = usesOf(table.value, dataset.value);
  if (use === "target") put({ target: name });
  else if (uses[name] === "target") put({ target: "", uses: { ...table.value.uses, [name]: use } });
  else put({ uses: { ...table.value.uses, [name]: use } });
}

/** @param {FileList | undefined} files */
async function take(files) {
  const file = files?.[0];
  if (file) {
    put({ target: "", uses: {} });
    await upload(file.name, file);
  }
}

/** @param {{data: any, uses: Record<string, string>}} props */
const Warnings = ({ data, uses }) => data.warnings.map((warning) => {
  const name = subject(warning);
  const isOut = name && uses[name] === "out";
  return html`<p class="warn" key=${warning}><span class="sign"><${Icon} name="warn" /></span><span>${warning.charAt(0).toUpperCase() + warning.slice(1)}${/[.?]$/.test(warning) ? "" : "."}
    ${name && html` ${isOut ? "It is left out. " : ""}<button type="button" class="link" onClick=${() => choose(name, isOut ? "input" : "out")}>${isOut ? "Use it anyway" : "Leave it out"}</button>`}</span></p>`;
});

/** @param {{q: any, data: any, uses: Record<string, string>}} props */
function Decisions({ q, data, uses }) {
  const count = Object.values(uses).filter((use) => use === "input").length;
  const widths = (text) => {
    const parts = text.split(/[^0-9]+/).filter(Boolean).map(Number);
    if (parts.length > 6 || parts.some((n) => n < 1 || n > 1024)) return "up to 6 layers of 1 to 1024 units";
    put({ hidden: parts });
  };
  const whole = (name) => (text) => {
    const n = Number(text);
    if (!Number.isInteger(n) || n < (name === "patience" ? 1 : 0)) return "a whole number";
    put({ [name]: n });
  };
  const trained = job.value?.training;
  return html`<section><h2>What was decided</h2><dl class="pairs">
    <dt>${counted(count)} input${count === 1 ? "" : "s"}</dt><dd>scaled by the training rows</dd>
    ${gapsIn(data, uses) && html`<dt>missing values</dt><dd>${gapsIn(data, uses) === "target" ? GAPS.drop : html`<${Menu} bare label="missing values" value=${fillingOf(q, data, uses)} choices=${GAPS} onChoose=${(gaps) => put({ gaps })} />`}</dd>`}
    <dt>hidden units</dt><dd><${Word} label="units of the hidden layers" text=${q.hidden.join(", ") || "none"} onText=${widths} /></dd>
    ${trained && html`<dt>network</dt><dd>${trained.sizes.slice(1).map((n, l) => `${counted(n)} ${trained.activations[l]}`).join(", ")}</dd><dt>optimizer</dt><dd>${OPTIMIZERS[trained.optimizer] ?? trained.optimizer}</dd>`}
    <dt>early stopping, patience</dt><dd><${Word} label="patience in epochs" text=${String(q.patience)} onText=${whole("patience")} /></dd>
    <dt>seed</dt><dd><${Word} label="seed" text=${String(q.seed)} onText=${whole("seed")} /></dd>
  </dl><${Losses} curve=${curve.value} /></section>`;
}

/** Where the training is, and then how good its network is. */
function Result() {
  const found = job.value;
  if (!found) return html`<section><h2>How good it is</h2><p class="quiet">${problem.value ? "Not trained." : "…"}</p></section>`;
  const done = found.state === "succeeded";
  return html`<section>${done && evaluation.value ? html`<${Evaluation} key=${found.id} />` : html`<h2>How good it is</h2>`}
    <p class="quiet small" role="status">${done ? `Trained, ${counted(found.iteration)} iterations.` : `${found.state}, ${counted(found.iteration)} of ${counted(found.iterations)} iterations`}</p>
    ${(found.warnings ?? []).map((text) => html`<p class="quiet small" key=${text}>${sentence({ message: text })}</p>`)}</section>`;
}

/** @param {{data: any}} props */
const FirstRows = ({ data }) => html`<section class="firstrows"><h2>The first rows</h2><div class="scroll" tabindex="0"><table class="rows"><thead><tr>${data.columns.map((c) => html`<th scope="col">${c.name}</th>`)}</tr></thead>
  <tbody>${data.first_rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell === null ? "–" : typeof cell === "number" ? shown(cell, { kind: "significant_digits", n: 6 }) : String(cell)}</td>`)}</tr>`)}</tbody></table></div></section>`;

export function Models() {
  const q = table.value;
  const data = dataset.value;
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!dataset.value) openSample();
    return follow();
  }, []);
  const uses = data ? usesOf(q, data) : {};
  const target = Object.keys(uses).find((name) => uses[name] === "target") ?? "";
  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer?.files);
  };
  return html`<div class=${over ? "two modelsview over" : "two modelsview"} onDragOver=${(event) => { event.preventDefault(); setOver(true); }} onDragLeave=${() => setOver(false)} onDrop=${drop}><div>
      <div class="lead"><div><h1>Your table, a served model</h1><p>Drop a CSV. Click any decision to change it.</p></div>
        <div class="chips"><label class="button ghost filelink">Open a CSV<input type="file" class="sr" accept=".csv,.tsv,.txt,text/csv" onChange=${(event) => take(event.target.files)} /></label>
          ${data && html`<${Chip} title="Target" label=${`${data.name || "table"}, ${counted(data.rows)} rows, target: ${target || "none yet"}`}>
            <${Menu} label="target" value=${target} choices=${{ "": "none yet", ...Object.fromEntries(data.columns.map((c) => [c.name, c.name])) }} onChoose=${(name) => put({ target: name })} />
            ${data.target && html`<p class="small quiet">Guessed: ${data.target.column}, ${data.target.task}, because ${data.target.reason}.</p>`}</>`}</div></div>
      ${uploading.value && html`<p class="quiet" role="status">Sending the file …</p>`}
      ${data && html`<${Columns} columns=${data.columns} uses=${uses} onUse=${choose} /><${Warnings} data=${data} uses=${uses} />
        ${target ? "" : html`<p class="warn"><span class="sign"><${Icon} name="warn" /></span><span>Choose the column to predict as the target.</span></p>`}
        <${Split} rows=${data.rows} validation=${q.validation} test=${q.test} onSplit=${put} />
        <div class="halves"><${Decisions} ...${{ q, data, uses }} /><${Result} /></div><${Listed} /><${FirstRows} data=${data} />`}
    </div>
    <div class="side">${data && html`<${Predict} data=${data}><${Versions} /></><${Keep} key=${data.id} file=${data.name || "model"} />`}<${Request} answer=${answer.value} />${data && html`<${Inference} data=${data} />`}</div></div>
    <${Simplified} view="models" />
    <${Foot} answer=${answer.value} problem=${problem.value} note=${job.value && html`, job <code>${job.value.id.slice(0, 8)}</code>`}>
      ${evaluation.value?.training.classification && html`<button type="button" class="link" onClick=${() => (listed.value = "wrong")}>Wrong rows</button>`}</>`;
}
