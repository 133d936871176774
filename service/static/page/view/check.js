/** Check: the same drawing with fields; where the first wrong number is, and what happened. */
import { effect, html, signal, untracked, useEffect } from "../vendor/preact.js";
import { ask, latest } from "../ask.js";
import { is, lesson, linkedState, network, readers, view } from "../state.js";
import { plan } from "../paint/geometry.js";
import { anchorsOf } from "../part/anchors.js";
import { TITLES, answersOf, slotsOf } from "../part/answers.js";
import { GOLDEN } from "../part/by_hand_state.js";
import { RoundingChip } from "../part/by_hand_chips.js";
import { lineOf, roundingOf } from "../part/computation.js";
import { Choices, Chip } from "../part/chips.js";
import { Entry } from "../part/entry.js";
import { Drawing } from "../part/network.js";
import { Foot, Request } from "../part/request.js";
import { narrow } from "../part/screen.js";
import { Verdict } from "../part/verdict.js";

const SLIP = {
  "/layers/0/s/0": "−0.1", "/layers/0/s/1": "−2.4", "/layers/0/s/2": "2.2",
  "/layers/0/x/0": "0.48", "/layers/0/x/1": "0.08", "/layers/0/x/2": "0.90",
  "/layers/1/s/0": "0.39", "/layers/1/s/1": "0.52", "/layers/1/x/0": "0.60", "/layers/1/x/1": "0.63",
  "/layers/1/delta/0": "0.14",
};

const initial = {
  layers: GOLDEN.layers, x: GOLDEN.x, y: GOLDEN.y, loss: GOLDEN.loss, eta: null,
  kind: "decimals", n: 2, rounding: "each_step", hints: 2, title: "Check your own numbers", answers: SLIP,
};

export const checked = linkedState("check", initial, is.fields({
  layers: network, x: is.list(is.number, 100), y: is.maybe(is.list(is.number, 100)),
  loss: is.text(40), eta: is.maybe(is.number),
  kind: is.one(["significant_digits", "decimals"]), n: is.whole(1, 15), rounding: is.one(["display", "each_step"]),
  hints: is.whole(0, 2), title: is.text(200), answers: is.map(is.text(40), 2000),
}));

const report = signal(null);
const problem = signal(null);
const run = latest();

/** An exercise's link: #check/exercise/backprop/2,2,1/7 with decimals after it. */
readers.push(async ([name, word, kind, sizes, seed, decimals]) => {
  if (name !== "check" || word !== "exercise") return null;
  const json = { kind, seed: Number(seed), sizes: sizes.split(",").map(Number), decimals: Number(decimals ?? 3) };
  const { data } = await ask("POST", "/exercises", { json });
  const { network: net, x, y, loss, eta } = data.given;
  return () => {
    lesson.value = null;
    checked.value = { ...initial, layers: net.layers, x, y, loss: loss ?? "squared", eta, kind: "decimals", n: json.decimals, rounding: "display", hints: 1, title: data.title, answers: {} };
    view.value = "check";
  };
});

const put = (part) => (checked.value = { ...checked.value, ...part });
const slots = (q) => slotsOf(q.layers, q.y !== null, q.eta !== null);

/** @param {any} q */
export const checkBody = (q) => ({
  network: { layers: q.layers }, x: q.x, y: q.y ?? undefined, loss: q.y ? q.loss : undefined, eta: q.eta ?? undefined,
});

let asked = "";
const follow = () => effect(() => {
  const q = checked.value;
  const body = { ...checkBody(q), ...roundingOf(q), hints: q.hints, answers: answersOf(q.answers, slots(q), q.layers) };
  const key = JSON.stringify(body);
  if (key === asked) return;
  asked = key;
  untracked(() => setTimeout(() => run(async () => {
    try {
      const answer = await ask("POST", "/check", { json: body });
      const lines = q.hints === 2 && answer.data.first_wrong ? await line(q, answer.data.first_wrong.pointer) : null;
      report.value = { answer, lines, rounding: { kind: q.kind, n: q.n } };
      problem.value = null;
    } catch (refusal) {
      problem.value = refusal;
      asked = "";
    }
  }), report.value ? 200 : 0));
});

/** The first wrong number worked out. @param {any} q @param {string} pointer */
async function line(q, pointer) {
  try {
    const { data } = await ask("POST", "/solution", { json: { ...checkBody(q), ...roundingOf(q), each: true } });
    const entries = data.steps.flatMap((step) => step.entries);
    const found = entries.find((entry) => entry.pointer === pointer);
    return found ? lineOf(found) : null;
  } catch {
    return null;
  }
}

const write = (pointer, text) =>
  put({ answers: { ...checked.value.answers, [pointer]: text } });

/** @param {string} pointer @param {string[]} cells */
function paste(pointer, cells) {
  const order = slots(checked.value).map((slot) => slot.pointer);
  const from = order.indexOf(pointer);
  const pairs = cells.map((cell, k) => [order[from + k], cell]).filter(([place]) => place);
  put({ answers: { ...checked.value.answers, ...Object.fromEntries(pairs) } });
}

/** @param {{q: any, verdicts: Map<string, string>}} props */
function Picture({ q, verdicts }) {
  const p = plan([q.x.length, ...q.layers.map((l) => l.biases.length)], narrow.value);
  const anchors = anchorsOf(p, q.layers, q.x, q.y ?? []);
  const blank = q.layers.map((l) => l.biases.map(() => ({ s: "", x: "", foot: null, isNow: false, isDone: false, mark: "" })));
  const place = (x, y, w) => ({
    left: `${(x / p.width) * 100}%`, top: `${(y / p.height) * 100}%`, width: `${(w / p.width) * 100}%`,
  });
  const fields = slots(q).filter((slot) => slot.name === "s" || slot.name === "x" || (slot.name === "delta" && !p.narrow));
  const styleOf = (slot) => {
    const box = p.units[slot.l][slot.i];
    const half = box.w / 2;
    if (slot.name === "delta") return place(box.x + box.w - 66, box.y + box.h / 2 + 21, 66);
    return place(box.x + (slot.name === "x" ? half : 0), box.y, half);
  };
  return html`<figure class="net checknet"><div class="stage">
    <${Drawing} plan=${p} layers=${q.layers} anchors=${anchors} units=${blank} lit=${new Map()} actions=${{}} bare inputs=${q.x.map(() => ({}))}
      error=${null} showTargets=${q.y !== null} label="The network, with a field for each of your numbers">
      ${!p.narrow && q.y && q.layers.flatMap((layer, l) => layer.biases.map((_, i) => {
        const box = p.units[l][i];
        return html`<text class="cap" x=${box.x + box.w - 72} y=${box.y + box.h / 2 + 26} text-anchor="end"><tspan class="it">δ</tspan></text>`;
      }))}
    </>
    <div class="overlay">
      ${fields.map((slot) => html`<${Entry} key=${slot.pointer} pointer=${slot.pointer} text=${q.answers[slot.pointer] ?? ""} verdict=${verdicts.get(slot.pointer)}
        label=${labelOf(slot)} style=${styleOf(slot)} onText=${write} onPaste=${paste} />`)}
    </div>
  </div></figure>`;
}

/** @param {import("../part/answers.js").Slot} slot */
function labelOf({ name, l, i, j }) {
  if (name === "loss") return "E";
  const [before, symbol] = TITLES[name](l + 1);
  return `${before}${symbol} of layer ${l + 1}, unit ${i + 1}${j === null ? "" : ` from ${j + 1}`}`;
}

/** What is not in the drawing. @param {{q: any, verdicts: Map<string, string>}} props */
function Rest({ q, verdicts }) {
  const rest = slots(q).filter((slot) => !["s", "x"].includes(slot.name) && (slot.name !== "delta" || narrow.value));
  const rows = Map.groupBy ? Map.groupBy(rest, (s) => `${s.l}/${s.name}`) : new Map();
  if (!rest.length) return null;
  const field = (slot) => html`<${Entry} key=${slot.pointer} pointer=${slot.pointer} text=${q.answers[slot.pointer] ?? ""}
    verdict=${verdicts.get(slot.pointer)} label=${labelOf(slot)} onText=${write} onPaste=${paste} />`;
  return html`<section class="rest"><h2>The way back</h2><p class="quiet small">Fill in what you have; a column from a spreadsheet can be pasted into its first field.</p>
    <dl>${[...rows].map(([key, members]) => {
      const { name, l, j } = members[0];
      const [before, symbol, above] = name === "loss" ? ["", "E", 0] : TITLES[name](l + 1);
      const columns = j === null ? members.length : q.layers[l].weights[0].length;
      return html`<div key=${key}><dt>${before}<i class="v">${symbol}${above ? html`<sup>(${above})</sup>` : ""}</i></dt>
        <dd class="grid-entries" style=${{ gridTemplateColumns: `repeat(${columns}, minmax(58px, 84px))` }}>${members.map(field)}</dd></div>`;
    })}</dl></section>`;
}

export function Check() {
  const q = checked.value;
  useEffect(follow, []);
  const verdicts = new Map((report.value?.answer.data.numbers ?? []).map((n) => [n.pointer, n.verdict]));
  return html`<div class="two checkview"><div>
      <div class="lead"><div><h1>${q.title}</h1><p>Type what you have. Honest rounding is never called wrong.</p></div>
        <div class="chips"><${RoundingChip} q=${q} put=${put} />
          <${Chip} title="Start again" label="start">
            <div class="take tight"><button type="button" class="button ghost" data-closes onClick=${() => put({ answers: {} })}>Empty all fields</button>
            <button type="button" class="button ghost" data-closes onClick=${() => (checked.value = initial)}>The example with a slip</button></div>
            <label class="check"><input type="checkbox" checked=${q.eta !== null} onChange=${(e) => put({ eta: e.target.checked ? 0.5 : null })} /> with the update, <i class="v">η</i> = 0.5</label>
          </></div></div>
      <${Picture} q=${q} verdicts=${verdicts} /><${Rest} q=${q} verdicts=${verdicts} />
    </div>
    <div class="side">
      <${Verdict} report=${report.value} hints=${q.hints} />
      <article class="card small"><h2 class="sub">How much help</h2><p class="quiet">↪ means: right, given an earlier slip. No point is lost twice.</p>
        <${Choices} choices=${{ 2: "Everything", 1: "What kind", 0: "Only where" }} value=${String(q.hints)} onChoose=${(h) => put({ hints: Number(h) })} /></article>
      <${Request} answer=${report.value?.answer ?? null} />
    </div></div>
    <${Foot} answer=${report.value?.answer ?? null} problem=${problem.value}><button type="button" class="link" onClick=${() => print()}>Print</button></>`;
}
