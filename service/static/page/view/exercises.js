/** Exercises: the real sheet as it will print, its key apart, and a link for students to Check. */
import { effect, html, signal, untracked, useEffect, useRef } from "../vendor/preact.js";
import { ask, download, latest, origin } from "../ask.js";
import { is, linkedState } from "../state.js";
import { Choices, Copy, NumberField } from "../part/chips.js";
import { Typed } from "../part/draft.js";
import { Foot, Request } from "../part/request.js";
import { sheetOf } from "../part/sheet.js";

const KINDS = { forward: "Forward", backprop: "Backpropagation", update: "Update", relu_system: "ReLU system" };
const MAX_SHEETS = 40;

const initial = { kind: "backprop", sizes: [2, 2, 1], decimals: 3, seed: 7, sheets: 1, key: false, n: 5 };

export const exercises = linkedState("exercises", initial, is.fields({
  kind: is.one(Object.keys(KINDS)), sizes: is.list(is.whole(1, 100), 20), decimals: is.whole(0, 15), seed: is.whole(0, 2 ** 53), sheets: is.whole(1, MAX_SHEETS), key: is.flag, n: is.whole(2, 100),
}));

const sheets = signal([]);
const answer = signal(null);
const problem = signal(null);
const run = latest();
const put = (part) => (exercises.value = { ...exercises.value, ...part });

/** @param {any} q @param {number} seed */
const bodyOf = (q, seed) => ({
  kind: q.kind, seed, decimals: q.decimals, key: q.key, ...(q.kind === "relu_system" ? { n: q.n } : { sizes: q.sizes }),
});

const follow = () => effect(() => {
  const q = exercises.value;
  untracked(() => run(async () => {
    try {
      const pages = [];
      for (let k = 0; k < q.sheets; k++) {
        const got = await ask("POST", "/exercises", { json: bodyOf(q, q.seed + k), accept: "text/html" });
        pages.push(sheetOf(got.data));
        if (k === 0) answer.value = got;
        if (exercises.value !== q) return;
      }
      sheets.value = pages;
      problem.value = null;
    } catch (refusal) {
      problem.value = refusal;
    }
  }));
});

/** The service's own document in a shadow root, so that its classes stay its own. @param {{content: Node}} props */
function Sheet({ content }) {
  const host = useRef(null);
  useEffect(() => {
    if (!host.current) return;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: "open" });
    const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("../paper.css", import.meta.url).href });
    root.replaceChildren(style, content.cloneNode(true));
  }, [content]);
  return html`<article class="sheet" ref=${host}></article>`;
}

/** @param {string} accept @param {string} name */
async function take(accept, name) {
  try {
    const { data } = await ask("POST", "/exercises", { json: { ...bodyOf(exercises.value, exercises.value.seed), key: true }, accept });
    download(name, data, accept);
  } catch (refusal) {
    problem.value = refusal;
  }
}

export function Exercises() {
  const q = exercises.value;
  useEffect(follow, []);
  const isNetwork = q.kind !== "relu_system";
  const students = `${origin}/#check/exercise/${q.kind}/${q.sizes.join(",")}/${q.seed}/${q.decimals}`;
  const fault = (pointer) => problem.value?.errors?.find((e) => e.pointer.startsWith(pointer))?.detail ?? "";
  return html`<div class="two exercisesview"><div>
      <div class="lead"><div><h1>A fresh sheet</h1><p>Each seed gives a different sheet, and always the same one.</p></div>
        <div class="chips"><button type="button" class="button ghost" onClick=${() => put({ seed: q.seed + q.sheets })}>Another</button><button type="button" class="button" onClick=${() => print()}>Print</button></div></div>
      ${sheets.value.map((content, k) => html`<${Sheet} key=${k} content=${content} />`)}
    </div>
    <div class="side">
      <article class="card fields">
        <${Choices} label="what is asked" choices=${KINDS} value=${q.kind} onChoose=${(kind) => put({ kind })} />
        <div class="split2">
          ${isNetwork ? html`<label class="field"><span class="lbl">layers</span><${Typed} class="entry full" text=${q.sizes.join(", ")} aria-invalid=${Boolean(fault("/sizes"))}
            onText=${(text) => put({ sizes: text.split(/[^0-9]+/).filter(Boolean).map(Number).filter((n) => n > 0 && n <= 100).slice(0, 20) })} />
            ${fault("/sizes") && html`<span class="fault" role="alert">${fault("/sizes")}</span>`}</label>`
          : html`<${NumberField} label="points" value=${q.n} whole low=${2} high=${100} problem=${fault("/n")} onValue=${(n) => put({ n })} />`}
          <${NumberField} label="decimals" value=${q.decimals} whole low=${0} high=${15} problem=${fault("/decimals")} onValue=${(decimals) => put({ decimals })} />
          <${NumberField} label="seed" value=${q.seed} whole low=${0} high=${2 ** 53 - 1} problem=${fault("/seed")} onValue=${(seed) => put({ seed })} />
          <${NumberField} label="sheets" value=${q.sheets} whole low=${1} high=${MAX_SHEETS} hint=${q.sheets > 1 ? `seeds ${q.seed} to ${q.seed + q.sheets - 1}` : ""} onValue=${(n) => put({ sheets: n })} />
        </div>
      </article>
      <article class="card"><h2>Key and marking scheme</h2><p class="quiet small">On pages of their own.${isNetwork ? " Students check their numbers under this link, without seeing yours:" : ""}</p>
        ${isNetwork && html`<div class="try flush"><input class="entry full grow" readonly value=${students} aria-label="Link for students" onFocus=${(e) => e.target.select()} /><${Copy} text=${students} /></div>`}
        <div class="take"><button type="button" class=${q.key ? "button" : "button ghost"} aria-pressed=${q.key} onClick=${() => put({ key: !q.key })}>With key</button>
          <button type="button" class="button ghost" onClick=${() => take("application/x-tex", `exercise-${q.seed}.tex`)}>LaTeX</button>
          <button type="button" class="button ghost" onClick=${() => take("text/markdown", `exercise-${q.seed}.md`)}>Markdown</button></div></article>
      <${Request} answer=${answer.value} />
    </div></div>
    <${Foot} answer=${answer.value} problem=${problem.value && !["/sizes", "/n", "/decimals", "/seed"].some((p) => fault(p)) ? problem.value : null} />`;
}
