/** The row of the fields as a request of the Open Inference Protocol, in code and as it is answered. */
import { effect, html, signal, untracked, useEffect } from "../vendor/preact.js";
import { ask, latest, origin } from "../ask.js";
import { compact } from "../as_code.js";
import { rowOf } from "./predict.js";
import { Request, sentence } from "./request.js";
import { dataset, job, modelName, modelVersion } from "./table_training.js";

const OUTPUTS = ["output", "label"];
const isOpen = signal(false);
const answered = signal(null);
const problem = signal(null);
const run = latest();

/** Numbers in the order of the model's columns; of a category an indicator for each value.
 * @param {string[]} columns @param {Record<string, any>} row */
export function encoded(columns, row) {
  const indicators = new Set(Object.entries(row).map(([name, value]) => `${name}=${value}`));
  return columns.map((name) => (Object.hasOwn(row, name) ? Number(row[name]) : Number(indicators.has(name))));
}

const follow = () => effect(() => {
  const name = modelName.value;
  const data = dataset.value;
  if (!isOpen.value || !name || !data || job.value?.state !== "succeeded") return;
  const row = rowOf(data, job.value.training.data.features);
  const path = `/v2/models/${name}/versions/${modelVersion.value}`;
  untracked(() => run(async () => {
    try {
      const { inputs: [input], outputs } = (await ask("GET", path)).data;
      const numbers = encoded(input.parameters.columns, row);
      const inputs = [{ name: input.name, datatype: input.datatype, shape: [1, numbers.length], data: numbers }];
      const wanted = outputs.filter(({ name }) => OUTPUTS.includes(name)).map(({ name }) => ({ name }));
      answered.value = await ask("POST", `${path}/infer`, { json: { inputs, outputs: wanted } });
      problem.value = null;
    } catch (refusal) {
      problem.value = refusal;
    }
  }));
});

/** The same by a client that others wrote. @param {import("../ask.js").Sent} sent */
function triton(sent) {
  const { inputs: [{ name, datatype, shape, data }], outputs } = JSON.parse(sent.body);
  const [, model, version] = /models\/(.+)\/versions\/(.+)\/infer/.exec(sent.path);
  return `# pip install "tritonclient[http]"
import numpy as np
from tritonclient import http

client = http.InferenceServerClient("${origin.replace(/^https?:\/\//, "")}")
x = http.InferInput("${name}", ${compact(shape)}, "${datatype}")
x.set_data_from_numpy(np.array([${compact(data)}], float))
wanted = [http.InferRequestedOutput(name) for name in ${compact(outputs.map((one) => one.name))}]
answer = client.infer("${model}", [x], "${version}", outputs=wanted)
print([answer.as_numpy(one.name()) for one in wanted])`;
}

/** @param {{data: any}} props */
export function Inference({ data }) {
  useEffect(() => follow(), []);
  if (!modelName.value || !data) return null;
  return html`<details class="requestbox inference" open=${isOpen.value} onToggle=${(event) => (isOpen.value = event.target.open)}><summary>By the Open Inference Protocol</summary>
    ${problem.value && html`<p class="fault" role="alert">${sentence(problem.value)}</p>`}
    <${Request} title="" answer=${answered.value} more=${{ client: triton }} /></details>`;
}
