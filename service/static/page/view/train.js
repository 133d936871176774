/** Train: data, the network with a tile per unit, the surface, and the loss curve as time slider. */
import { effect, html, signal, untracked, useEffect, useRef } from "../vendor/preact.js";
import { ask, download } from "../ask.js";
import { is, linkedState, view } from "../state.js";
import { around } from "../paint/scale.js";
import { counted, shown } from "../paint/number.js";
import { GOLDEN, MAX_SAMPLES, set } from "../part/by_hand_state.js";
import { Curve } from "../part/curve.js";
import { Icon } from "../part/icons.js";
import { LessonList, takesLessons } from "../part/lesson.js";
import { quantity } from "../part/maths.js";
import { Foot, Request } from "../part/request.js";
import { Simplified } from "../part/simplified.js";
import { still } from "../part/screen.js";
import { Surface } from "../part/surface.js";
import { drawnClass } from "../part/drawn_points.js";
import { FittedCurve } from "../part/fitted_curve.js";
import { DataChoice, classCount, classesOf, dataBody, draw, isCurve, loadThumbnails } from "../part/train_data.js";
import { Draw, Settings } from "../part/train_settings.js";
import { asked, at, frames, isRunning, job, lastAnswer, layers, offered, playing, problem, seek, speed, stop, togglePlay, train } from "../part/training.js";
import { Wires } from "../part/wires.js";

const initial = {
  data: { dataset: "moons", samples: 200, noise: 0.15, seed: 1, classes: 3, points: null },
  hidden: [8], activation: "tanh", optimizer: "adam", eta: 0.05, batch: null, loss: "binary_cross_entropy",
  seed: 1, iterations: 500, restarts: 1,
};

export const training = linkedState("train", initial, is.fields({
  data: is.fields({
    dataset: is.text(20), samples: is.whole(2, 5000), noise: is.number, seed: is.whole(0, 2 ** 53), classes: is.whole(2, 10),
    points: is.maybe(is.list(is.list(is.number, 3), 1000)),
  }),
  hidden: is.list(is.whole(1, 256), 6), activation: is.text(20), optimizer: is.text(30), eta: is.number, batch: is.maybe(is.whole(1, 1e6)),
  loss: is.text(30), seed: is.whole(0, 2 ** 53), iterations: is.whole(1, 1e6), restarts: is.whole(1, 64),
}));

const DIGITS = { kind: ("significant_digits"), n: 4 };
const points = signal(({ x: [], classes: [] }));
const drawing = signal(false);
const restarts = signal([]);
/** Of the frame at rest: how many points are on the right side, and the largest change. */
const rest = signal(null);

const put = (part) => (training.value = { ...training.value, ...part });

/** @param {any} q */
function activationsOf(q) {
  return [...q.hidden.map(() => q.activation), isCurve(q.data) ? "identity" : classCount(q.data) > 2 ? "softmax" : "sigmoid"];
}

/** @param {any} q */
export function trainBody(q) {
  const classes = classCount(q.data);
  return {
    architecture: { sizes: [isCurve(q.data) ? 1 : 2, ...q.hidden, classes > 2 ? classes : 1], activations: activationsOf(q), seed: q.seed },
    data: dataBody(q.data), loss: isCurve(q.data) ? "squared" : classes > 2 ? "cross_entropy" : q.loss, optimizer: q.optimizer, eta: q.eta,
    iterations: q.iterations, batch_size: q.batch, restarts: q.restarts > 1 ? q.restarts : null,
  };
}

let shownKey = "";

/** Train whenever the question changes; opening the view asks for the one job that all visits share. */
const follow = () => effect(() => {
  const q = training.value;
  const key = JSON.stringify(q);
  untracked(() => {
    if (key === shownKey) return;
    shownKey = key;
    start(q, q === initial ? { key: "default" } : {});
  });
});

let starts = 0;

/** @param {any} q @param {any} how */
async function start(q, how) {
  const mine = ++starts;
  rest.value = null;
  restarts.value = [];
  try {
    const drawn = isCurve(q.data) ? { x: q.data.points, classes: [] } : q.data.points ? { x: q.data.points.map((p) => p.slice(0, 2)), classes: q.data.points.map((p) => p[2]) }
      : await draw({ ...q.data, classes: classCount(q.data) }).then((data) => ({ x: data.x, classes: classesOf(data.y) }));
    if (mine !== starts) return; // another question was asked while these points were on their way
    points.value = drawn;
    if (drawn.x.length < 2) return;
  } catch (refusal) {
    if (mine === starts) problem.value = refusal;
    return;
  }
  await train(trainBody(q), activationsOf(q), { ...how, of: JSON.stringify(q) });
  if (mine === starts && q.restarts > 1 && job.value?.state === "succeeded") await loadRestarts();
}

async function loadRestarts() {
  try {
    const { data } = await ask("GET", `/train/${job.value.id}/restarts`);
    restarts.value = data.restarts ?? [];
  } catch {
    restarts.value = [];
  }
}

/** Go on from the frame shown, with the network as it stands. */
function goOn() {
  const q = training.value;
  const body = { ...trainBody(q), architecture: undefined, restarts: undefined, network: { layers: layers.value } };
  train(body, activationsOf(q), { sure: true, of: JSON.stringify(q) });
}

/** At rest ask what the numbers of this iteration are. */
const inquire = () => effect(() => {
  const here = layers.value;
  const k = frames.value.iteration[at.value];
  const isStill = !playing.value;
  untracked(() => {
    rest.value = null;
    if (!here || !isStill || !points.value.x.length || k === undefined) return;
    const id = job.value.id;
    setTimeout(async () => {
      const isHere = () => frames.value.iteration[at.value] === k && !playing.value && job.value.id === id && points.value.x.length;
      if (!isHere()) return;
      try {
        const right = points.value.classes.length ? await countRight(here) : null;
        const found = { k, right, change: k >= 1 ? await change(id, k) : null };
        if (isHere()) rest.value = found;
      } catch {
        if (isHere()) rest.value = null;
      }
    }, 300);
  });
});

/** How many points the service's outputs put on the right side. @param {any[]} here */
async function countRight(here) {
  const { data } = await ask("POST", "/forward", { json: { network: { layers: here }, x: points.value.x } });
  return classesAt(data.output).filter((c, i) => c === points.value.classes[i]).length;
}

/** @param {number[][]} output */
const classesAt = (output) => output.map((row) => (row.length === 1 ? (row[0] > 0.5 ? 1 : 0) : row.indexOf(Math.max(...row))));

/** The parameter of the first layer that the iteration changed most. @param {string} id @param {number} k */
async function change(id, k) {
  const { data } = await ask("GET", `/train/${id}/steps/${k}`);
  const [before, update] = [data.network.layers[0].weights, data.updates[0].weights];
  let best = [0, 0];
  update.forEach((row, i) => row.forEach((u, j) => Math.abs(u) > Math.abs(update[best[0]][best[1]]) && (best = [i, j])));
  const [i, j] = best;
  return { unit: i + 1, input: j + 1, from: before[i][j], by: update[i][j] };
}

/** The step shown, worked out in By hand: the network before it, one sample of its batch. */
async function stepByHand() {
  const k = Math.max(frames.value.iteration[at.value], 1);
  try {
    const { data } = await ask("GET", `/train/${job.value.id}/steps/${k}`);
    const samples = data.x.length > 1 ? data.x.slice(0, MAX_SAMPLES).map((x, k) => [x, data.y[k]]) : null;
    set({ ...GOLDEN, layers: data.network.layers, x: data.x[0], y: data.y[0], samples, loss: asked.value.body.loss, eta: asked.value.body.eta, step: 2 * data.network.layers.length + 1 });
    view.value = "by-hand";
  } catch (refusal) {
    problem.value = refusal;
  }
}

function toggleDrawing() {
  drawing.value = !drawing.value;
  if (drawing.value && !training.value.data.points) put({ data: { ...training.value.data, points: [] } });
}

/** @param {{count: number}} props */
function Player({ count }) {
  const { iteration, loss } = frames.value;
  const k = iteration[at.value];
  const isEmpty = k === undefined;
  const diverged = job.value?.state === "failed" ? job.value.error : null;
  return html`<div class="player">
    <button type="button" class="button round" aria-label=${playing.value ? "Pause" : "Play"} disabled=${isEmpty} onClick=${togglePlay}><${Icon} name=${playing.value ? "pause" : "play"} /></button>
    <div class="readout"><div><span>iteration</span><b>${isEmpty ? "–" : counted(k)}</b><span class="of">of ${counted(job.value?.iterations ?? 0)}</span></div>
      <div><span>loss</span><b class="five">${shown(loss[at.value], DIGITS) || "–"}</b></div>
      ${points.value.classes.length > 0 && html`<div><span>right</span><b class="three">${rest.value ? rest.value.right : "–"}</b><span class="of">of ${count}</span></div>`}</div>
    <label class="speed"><span class="sr">speed</span><select class="v" onChange=${(e) => (speed.value = Number(e.target.value))}>${[1, 4, 16].map((s) => html`<option value=${s} selected=${s === speed.value}>${s}×</option>`)}</select></label>
    ${isRunning.value ? html`<button type="button" class="button ghost" onClick=${stop}>Stop</button>`
      : html`<button type="button" class="button ghost" onClick=${() => start(training.value, { sure: true })}>Train again</button>`}
    <p class="note small quiet" role="status">
      ${diverged ? html`${diverged.detail} <button type="button" class="link" onClick=${() => put({ eta: Number((training.value.eta / 10).toPrecision(3)) })}>Try η / 10</button>`
        : isEmpty ? (offered.value ? "" : `${job.value?.state ?? "asking"} …`)
        : html`${rest.value?.change ? html`In this step <math>${quantity("w", 1, `${rest.value.change.unit}${rest.value.change.input}`)}</math> changes by ${shown(rest.value.change.by, DIGITS)} from ${shown(rest.value.change.from, DIGITS)}.` : "Drag along the curve to go back in time."}<br />
          <button type="button" class="link" onClick=${stepByHand}>Step ${counted(Math.max(k, 1))} by hand</button>, <button type="button" class="link" onClick=${goOn}>go on from here</button>`}
    </p>
  </div>`;
}

const network = () => download("network.json", JSON.stringify({ layers: layers.value }, null, 1), "application/json");
const dataFile = () => download("data.csv", [points.value.classes.length ? "x1,x2,class" : "x,y", ...points.value.x.map((p, k) => [...p, ...points.value.classes.slice(k, k + 1)].join(","))].join("\n"), "text/csv");

takesLessons("train", (state) => put({ ...initial, ...state }), () => {
  const found = asked.value?.of === JSON.stringify(training.value) ? job.value : null; // not the training before
  return { question: training.value, state: found?.state, loss: found?.loss };
});

export function Train() {
  const q = training.value;
  const kept = useRef(null);
  const tiles = useRef(null);
  useEffect(() => {
    loadThumbnails();
    const ends = [follow(), inquire()];
    return () => ends.forEach((end) => end());
  }, []);
  const { x } = points.value;
  const curved = isCurve(q.data);
  const reach = x.length > 1 ? { x: around(x.map((p) => p[0]), 0.13), y: around(x.map((p) => p[1]), 0.3) } : { x: [-1.5, 1.5], y: [-1.3, 1.3] };
  const sizes = trainBody(q).architecture.sizes;
  const fits = layers.value?.length === sizes.length - 1 && layers.value[0].weights[0].length === sizes[0] && layers.value[0].weights.length === sizes[1] ? layers.value : null;
  // While it plays, tiles and wires follow every other frame: half the work of a frame, and still 15 of them a second.
  if (!playing.value || at.value % 2 === 0 || !fits || !tiles.current) tiles.current = fits;
  if (!drawing.value) kept.current = null;
  const extent = drawing.value ? (kept.current ??= reach) : reach; // the picture stands still while points are drawn
  const onPoints = drawing.value ? (mine) => put({ data: { ...q.data, points: mine } }) : null;
  const words = curved ? "line: the output" : classCount(q.data) > 2 ? "the likeliest class" : "line: output ½";
  const said = rest.value && !curved ? `${rest.value.right} of ${x.length} points are on the right side at iteration ${rest.value.k}.` : "";
  return html`<h1 class="sr">Train a network</h1><div class="train">
    <div class="controls"><${DataChoice} data=${q.data} drawing=${drawing.value} onData=${(data) => { drawing.value = false; put({ data }); }} onDraw=${toggleDrawing}><${Draw} q=${q} put=${put} /></>
      ${drawing.value && html`<p class="small quiet">Click in the plane${curved ? "" : html`: class <button type="button" class="v" onClick=${() => (drawnClass.value = 1 - drawnClass.value)}>${drawnClass.value}</button>, with Shift the other one`}; drag a point to move it, click it to remove it. <button type="button" class="link" onClick=${() => put({ data: { ...q.data, points: [] } })}>Clear</button></p>`}
      <${Settings} q=${q} classes=${classCount(q.data)} count=${x.length} put=${put} /></div>
    <div class="netbox"><div class="h"><h2>The network</h2></div><${Wires} layers=${tiles.current} sizes=${sizes} activations=${activationsOf(q)} extent=${extent} inputs=${curved ? ["x"] : ["x₁", "x₂"]} /></div>
    <div class="surface first"><div class="h"><h2>What it has learnt</h2><span class="quiet small">${words}</span></div>
      ${curved ? html`<${FittedCurve} ...${{ layers: fits, points: x, extent, onPoints }} label=${`The output over x with its ${x.length} points`} />`
        : html`<${Surface} ...${{ layers: fits, points: points.value, extent, onPoints, playing: playing.value }} label=${`The output over the plane with its ${x.length} points. ${said}`} />`}</div>
    <div class="curve curvebox"><${Player} count=${x.length} />
      ${offered.value !== null && html`<p class="offer"><button type="button" class="button" onClick=${() => start(q, { sure: true })}>Train (about ${shown(Math.ceil(offered.value), { kind: "significant_digits", n: 2 })} s)</button></p>`}
      <${Curve} iteration=${frames.value.iteration} loss=${frames.value.loss} at=${at.value} iterations=${job.value?.iterations ?? q.iterations} onSeek=${seek} />
      ${restarts.value.length > 0 && html`<div class="restarts" role="list" aria-label="Restarts">${restarts.value.map((r) => html`<div role="listitem" key=${r.seed} class=${r.seed === job.value.best_seed ? "best" : ""}>
        <span>seed ${r.seed}</span><b>${shown(r.loss, DIGITS)}</b></div>`)}</div>`}
    </div></div>
    ${still.value && html`<span class="sr">Motion is reduced: two frames a second.</span>`}
    <${LessonList} /><${Simplified} view="train" /><details class="requestbox"><summary>The request</summary><${Request} answer=${lastAnswer.value} /></details>
    <${Foot} answer=${lastAnswer.value} problem=${problem.value} note=${job.value && html`, job <code>${job.value.id.slice(0, 8)}</code>`}>
      <button type="button" class="link" onClick=${network}>Network as JSON</button><button type="button" class="link" onClick=${dataFile}>Data as CSV</button></>`;
}
