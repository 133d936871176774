/** Approximate: a function as a ReLU network, the smallest there is, and the proof. */
import { effect, html, signal, untracked, useEffect } from "../vendor/preact.js";
import { ask, download, latest } from "../ask.js";
import { is, linkedState } from "../state.js";
import { exact, parse } from "../paint/number.js";
import { ApproximatePlot } from "../part/approximate_plot.js";
import { Compare } from "../part/compare.js";
import { Bound, Sum } from "../part/bound.js";
import { Chip, Choices, Menu, NumberField } from "../part/chips.js";
import { Typed } from "../part/draft.js";
import { LessonList, takesLessons } from "../part/lesson.js";
import { Foot, Request } from "../part/request.js";
import { Simplified } from "../part/simplified.js";

const MODES = { tolerance: "smallest for a tolerance", n: "n points", knots: "own knots", samples: "a table of samples" };
const GRIDS = { equidistant: "equidistant", chebyshev: "Chebyshev", curvature: "by curvature", greedy: "greedy", minimal: "best" };
const CURVE_POINTS = 401;
const TOLERANCES = [1e-4, 0.5];

const initial = {
  f: "sin(3*x)*exp(-x^2)", from: -2, to: 2, mode: "tolerance", tolerance: 0.05, n: 9, grid: "equidistant",
  knots: [], values: null, side: "both", error: "absolute",
  samples: "0, 0\n1, 1\n2, 0.5\n3, 2\n4, 1.8", bits: null,
};

export const approximated = linkedState("approximate", initial, is.fields({
  f: is.text(1000), from: is.number, to: is.number, mode: is.one(Object.keys(MODES)), tolerance: is.number, n: is.whole(2, 5000), grid: is.one(Object.keys(GRIDS)),
  knots: is.list(is.number, 1000), values: is.maybe(is.list(is.number, 1000)), side: is.one(["both", "below", "above"]), error: is.one(["absolute", "relative"]),
  samples: is.text(8000), bits: is.maybe(is.whole(2, 64)),
}));

export const found = signal(null);
const problem = signal(null);
const stale = signal(false);
const comparing = signal(false);
const run = latest();
const put = (part) => (approximated.value = { ...approximated.value, ...part });

/** @param {string} text */
function samplesOf(text) {
  const rows = text.trim().split(/\n/).map((line) => line.split(/[;,\t]\s*|\s+/).map((cell) => parse(cell)));
  const numbers = (k) => rows.map((row) => { const cell = row[k]; return cell && "value" in cell ? cell.value : null; });
  return { x: numbers(0), y: numbers(1) };
}

/** @param {any} q */
function bodyOf(q) {
  const extra = { quantize: q.bits === null ? undefined : { bits: q.bits } };
  if (q.mode === "samples") return { samples: samplesOf(q.samples), tolerance: q.tolerance, ...extra };
  const target = { function: q.f, error: q.error === "absolute" ? undefined : q.error, ...extra };
  if (q.mode === "knots") return { ...target, grid: q.knots, values: q.values ?? undefined };
  if (q.mode === "n") return { ...target, interval: [q.from, q.to], n: q.n, grid: q.grid };
  return { ...target, interval: [q.from, q.to], tolerance: q.tolerance, side: q.side === "both" ? undefined : q.side };
}

let asked = "";
const follow = () => effect(() => {
  const q = approximated.value;
  const body = bodyOf(q);
  const key = JSON.stringify(body);
  if (key === asked) return;
  asked = key;
  untracked(() => {
    const dim = setTimeout(() => (stale.value = true), 150);
    run(async () => {
      try {
        found.value = { ...(await withCurve(body)), question: q };
        problem.value = null;
        stale.value = false;
      } catch (refusal) {
        problem.value = refusal;
        stale.value = true;
        asked = "";
      } finally {
        clearTimeout(dim);
      }
    });
  });
});

/** f comes with the answer; samples have no curve. @param {any} body */
async function withCurve(body) {
  const json = body.function ? { ...body, curve: CURVE_POINTS } : body;
  const answer = await ask("POST", "/approximate", { json });
  return { answer, f: answer.data.curve ?? null };
}

/** The knots and their values as asked for last: keys may be pressed faster than answers arrive. */
function knotsNow() {
  const { grid, values } = found.value.answer.data;
  const { mode, knots, values: own } = approximated.value;
  return { grid: mode === "knots" && knots.length === grid.length ? knots : grid, values: (mode === "knots" && own?.length === values.length && own) || values };
}

/** Move a knot by so much. @param {number} k @param {number} by */
const shiftKnot = (k, by) => moveKnot(k, knotsNow().grid[k] + by);

/** @param {number} k @param {number} by */
const shiftValue = (k, by) => moveValue(k, knotsNow().values[k] + by);

/** @param {number} k @param {number} x */
function moveKnot(k, x) {
  const { grid, values } = knotsNow();
  const [low, high] = [grid[k - 1], grid[k + 1]];
  const margin = (high - low) * 0.001;
  const at = Number(Math.min(Math.max(x, low + margin), high - margin).toPrecision(6));
  const knots = grid.map((v, j) => (j === k ? at : v));
  put({ mode: "knots", knots, values: approximated.value.mode === "knots" && approximated.value.values ? values : null });
}

/** @param {number} k @param {number} y */
function moveValue(k, y) {
  const { grid, values } = knotsNow();
  put({ mode: "knots", knots: grid, values: values.map((v, j) => (j === k ? Number(y.toPrecision(5)) : v)) });
}

const faultAt = (pointer) => problem.value?.errors?.find((e) => e.pointer.startsWith(pointer))?.detail ?? "";

/** @param {{q: any}} props */
function Tolerance({ q }) {
  const [low, high] = TOLERANCES.map(Math.log10);
  const share = (Math.log10(q.tolerance) - low) / (high - low);
  const slide = (event) => put({ tolerance: Number((10 ** (low + (event.target.value / 1000) * (high - low))).toPrecision(2)) });
  return html`<div><div class="slide"><label class="lbl" for="tolerance">largest error allowed</label>
      <${Typed} class="v big" aria-label="largest error, typed" text=${exact(q.tolerance)} onText=${(text) => {
        const read = parse(text);
        if ("value" in read && read.value > 0) put({ tolerance: read.value });
      }} /></div>
    <input class="range" id="tolerance" type="range" min="0" max="1000" value=${Math.round(share * 1000)} aria-valuetext=${exact(q.tolerance)} onInput=${slide}
      style=${{ "--share": `${Math.min(Math.max(share, 0), 1) * 100}%` }} />
    ${faultAt("/tolerance") && html`<span class="fault" role="alert">${faultAt("/tolerance")}</span>`}</div>`;
}

/** @param {{q: any}} props */
function Question({ q }) {
  const fault = faultAt("/function");
  const at = Number(/at character (\d+)/.exec(fault)?.[1] ?? 0);
  const knotText = (text) => {
    const values = text.split(/[;\s]+|,\s+/).filter(Boolean).map(parse);
    if (values.length > 1 && values.every((v) => "value" in v)) put({ knots: values.map((v) => v.value), values: null });
  };
  return html`<article class="card fields">
    ${q.mode === "samples" ? html`<label class="field"><span class="lbl">x and y, a pair a line</span><textarea class="entry full" rows="6" spellcheck="false" value=${q.samples}
        aria-invalid=${Boolean(faultAt("/samples"))} onInput=${(e) => put({ samples: e.target.value })}></textarea>
        ${faultAt("/samples") && html`<span class="fault" role="alert">${faultAt("/samples")}</span>`}</label>`
    : html`<label class="field"><span class="lbl"><i class="v">f</i> (<i class="v">x</i>)</span><input class="entry full" value=${q.f} spellcheck="false" autocomplete="off" aria-invalid=${Boolean(fault)}
        onInput=${(e) => put({ f: e.target.value })} />
      ${fault && html`<span class="fault" role="alert">${at > 0 && html`<code class="where">${q.f.slice(0, at - 1)}<u>${q.f[at - 1] ?? "␣"}</u>${q.f.slice(at)}</code>`}${fault}</span>`}</label>`}
    ${(q.mode === "tolerance" || q.mode === "n") && html`<div class="split2">
      <${NumberField} label="from" value=${q.from} problem=${faultAt("/interval")} onValue=${(from) => put({ from })} />
      <${NumberField} label="to" value=${q.to} onValue=${(to) => put({ to })} /></div>`}
    ${q.mode === "n" && html`<div class="split2"><${NumberField} label="points" value=${q.n} whole low=${2} high=${5000} problem=${faultAt("/n")} onValue=${(n) => put({ n })} />
      <${Menu} label="grid" value=${q.grid} choices=${GRIDS} onChoose=${(grid) => put({ grid })} /></div>`}
    ${q.mode === "knots" && html`<label class="field"><span class="lbl">knots</span><${Typed} as="textarea" class="entry full" rows="3" text=${q.knots.map(exact).join("  ")} onText=${knotText} />
      ${faultAt("/grid") && html`<span class="fault" role="alert">${faultAt("/grid")}</span>`}</label>`}
    ${(q.mode === "tolerance" || q.mode === "samples") && html`<${Tolerance} q=${q} />`}
  </article>`;
}

const DOCUMENTS = { "C header": ["text/x-c", "approximation.h"], LaTeX: ["application/x-tex", "approximation.tex"], SVG: ["image/svg+xml", "approximation.svg"] };

/** @param {string} accept @param {string} name */
async function take(accept, name) {
  try {
    const { data } = await ask("POST", "/approximate", { json: bodyOf(approximated.value), accept });
    download(name, data, accept);
  } catch (refusal) {
    problem.value = refusal;
  }
}

/** @param {string} mode */
function choose(mode) {
  const grid = found.value?.answer.data.grid;
  put(mode === "knots" ? { mode, knots: grid ?? [-2, -1, 0, 1, 2], values: null } : { mode });
}

takesLessons("approximate", (state) => put({ ...initial, ...state }), () => {
  const isOfThis = found.value && JSON.stringify(bodyOf(found.value.question)) === JSON.stringify(bodyOf(approximated.value));
  return { question: approximated.value, segments: isOfThis ? found.value.answer.data.grid.length - 1 : 0 };
});

export function Approximate() {
  const q = approximated.value;
  useEffect(follow, []);
  const answer = found.value?.answer ?? null;
  return html`<div class="two"><div>
      <div class="lead"><div><h1>A function as a ReLU network</h1><p>Say how good it must be; get the smallest network there is, and the proof.</p></div>
        <div class="chips"><${Chip} title="What is asked" label=${MODES[q.mode]}>
          <${Choices} label="find" value=${q.mode} choices=${MODES} onChoose=${choose} />
          ${q.mode === "tolerance" && html`<${Choices} label="NN is" value=${q.side} choices=${{ both: "on both sides", below: "never above f", above: "never below f" }} onChoose=${(side) => put({ side })} />`}
          ${q.mode !== "samples" && html`<${Choices} label="error" value=${q.error} choices=${{ absolute: "absolute", relative: "relative to |f|" }} onChoose=${(error) => put({ error })} />`}
          <${Choices} label="numbers" value=${String(q.bits)} choices=${{ null: "float64", 32: "32-bit fixed point", 16: "16-bit" }} onChoose=${(b) => put({ bits: b === "null" ? null : Number(b) })} />
        </></div></div>
      <div class=${stale.value ? "stale" : ""}>
        <${ApproximatePlot} q=${q} data=${answer?.data ?? null} f=${found.value?.f ?? null} onKnot=${q.mode === "samples" ? undefined : moveKnot} onValue=${q.mode === "samples" ? undefined : moveValue} onShift=${{ knot: shiftKnot, value: shiftValue }} />
        ${answer && html`<${Sum} data=${answer.data} />`}
      </div>
      ${comparing.value && q.mode !== "samples" && html`<${Compare} f=${q.f} interval=${[q.from, q.to]} />`}
    </div>
    <div class="side"><${Question} q=${q} />
      ${answer && html`<${Bound} data=${answer.data} q=${found.value.question}>
        <div class="take">${Object.entries(DOCUMENTS).map(([word, [accept, name]], k) => html`<button type="button" key=${word} class=${k ? "button ghost" : "button"} onClick=${() => take(accept, name)}>${word}</button>`)}
          <button type="button" class="button ghost" onClick=${() => download("approximation.json", JSON.stringify(answer.data, null, 1), "application/json")}>JSON</button></div></>`}
      <${LessonList} /><${Request} answer=${answer} />
    </div></div>
    <${Simplified} view="approximate" />
    <${Foot} answer=${answer} problem=${problem.value && !["/function", "/interval", "/n", "/tolerance", "/grid", "/samples"].some((p) => faultAt(p)) ? problem.value : null}
      note=${problem.value && answer ? " The picture is of the last valid input." : ""}>
      <button type="button" class="link" aria-expanded=${comparing.value} onClick=${() => (comparing.value = !comparing.value)}>Compare grids</button>
      <button type="button" class="link" onClick=${() => print()}>Print</button></>`;
}
