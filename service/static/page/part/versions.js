/** A trained network becomes a model: its versions, its aliases, and the files that it can be taken as. */
import { batch, html, signal, useState } from "../vendor/preact.js";
import { ask, download } from "../ask.js";
import { sentence } from "./request.js";
import { answer, job, modelName, modelVersion } from "./table_training.js";

/** The model as the registry has it. */
export const model = signal(null);
const problem = signal(null);

const FILES = { onnx: ["ONNX", "onnx"], c99: ["C", "h"], javascript: ["JavaScript", "mjs"], python: ["NumPy", "py"], npz: ["npz", "npz"] };

/** Of a name that is only a file's: letters, digits, points, dashes. @param {string} file */
export const nameFor = (file) => file.replace(/\.\w+$/, "").replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "").slice(0, 64) || "model";

/** @param {() => Promise<void>} task */
async function attempt(task) {
  try {
    await task();
    problem.value = null;
  } catch (refusal) {
    problem.value = refusal;
  }
}

/** @param {string} name */
const load = async (name) => (model.value = (await ask("GET", `/models/${name}`)).data);

/** @param {string} name */
const save = (name) => attempt(async () => {
  const { id } = job.value;
  const saved = await ask("POST", "/models", { json: { name, job: id } });
  const isShown = job.value?.id === id; // else another training has begun since
  batch(() => {
    answer.value = saved;
    modelName.value = isShown ? name : "";
    modelVersion.value = String(saved.data.version);
  });
  await load(name);
});

/** @param {string} alias */
const point = (alias) => attempt(async () => {
  answer.value = await ask("PUT", `/models/${modelName.value}/aliases/${alias}`, { json: { version: Number(modelVersion.value) } });
  await load(modelName.value);
});

/** @param {string} format @param {string} ending */
const take = (format, ending) => attempt(async () => {
  const path = modelName.value ? `/models/${modelName.value}/network?version=${modelVersion.value}&format=${format}` : `/train/${job.value.id}/network?format=${format}`;
  const { data } = await ask("GET", path, { binary: true });
  download(`${modelName.value || "network"}.${ending}`, data, data.type);
});

export function Versions() {
  const here = model.value;
  if (!here) return null;
  const numbers = here.versions.map((one) => String(one.version)).slice(-6);
  const names = [...(here.latest === Number(modelVersion.value) ? ["latest"] : []), ...Object.entries(here.aliases).filter(([, v]) => v === Number(modelVersion.value)).map(([name]) => name)];
  return html`<div class="segments" role="group" aria-label="Version">${numbers.map((n) => html`<button type="button" key=${n} aria-pressed=${n === modelVersion.value} onClick=${() => (modelVersion.value = n)}>${n}</button>`)}</div>
    ${names.length > 0 && html`<code>${names.join(", ")}</code>`}`;
}

/** @param {{file: string}} props */
export function Keep({ file }) {
  const [name, setName] = useState(nameFor(file));
  const [alias, setAlias] = useState("champion");
  if (job.value?.state !== "succeeded") return null;
  const isSaved = model.value?.name === name && model.value.versions.some((one) => one.job === job.value.id);
  return html`<article class="card"><h2>Keep it</h2>
    <form class="try flush" onSubmit=${(event) => { event.preventDefault(); save(name); }}>
      <input class="entry grow" aria-label="name of the model" value=${name} autocomplete="off" onInput=${(event) => setName(event.target.value)} />
      <button class=${isSaved ? "button ghost" : "button"} disabled=${isSaved}>${isSaved ? "Saved" : model.value?.name === name ? "Save the next version" : "Save"}</button></form>
    ${model.value && html`<form class="try flush" onSubmit=${(event) => { event.preventDefault(); point(alias); }}>
      <input class="entry grow" aria-label="alias" value=${alias} autocomplete="off" onInput=${(event) => setAlias(event.target.value)} /><button class="button ghost">Point it at version ${modelVersion.value}</button></form>
      <p class="small quiet">Served at <code>/models/${model.value.name}/predict</code>${Object.entries(model.value.aliases).map(([word, version]) => html`, <code>${word}</code> → ${version}`)}.</p>`}
    ${problem.value && html`<p class="fault" role="alert">${sentence(problem.value)}</p>`}
    <div class="take">${Object.entries(FILES).map(([format, [word, ending]]) => html`<button type="button" class="button ghost" key=${format} onClick=${() => take(format, ending)}>${word}</button>`)}</div></article>`;
}
