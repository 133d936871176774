/** Data of Train: the toy sets, points of one's own, drawn or pasted. */
import { html, signal, useState } from "../vendor/preact.js";
import { about, ask } from "../ask.js";
import { parse } from "../paint/number.js";
import { around, linear } from "../paint/scale.js";

export const SETS = ["moons", "circles", "xor", "spirals", "blobs", "linear"];
const THUMBNAIL_SAMPLES = 60;
const MAX_POINTS = 1000;

/** @type {Map<string, Promise<any>>} */
const drawn = new Map();

/** A draw of a toy set, cached by its address. @param {any} data */
export function draw({ dataset, samples, noise, seed, classes }) {
  const path = `/datasets/${dataset}?samples=${samples}&noise=${noise}&seed=${seed}&classes=${classes}`;
  if (!drawn.has(path)) drawn.set(path, ask("GET", path).then((answer) => answer.data).catch((refusal) => {
    drawn.delete(path);
    throw refusal;
  }));
  return (drawn.get(path));
}

/** The class of each row, whether y is 0/1 or one-hot. @param {number[][]} y */
export const classesOf = (y) => y.map((row) => (row.length === 1 ? Math.round(row[0]) : row.indexOf(Math.max(...row))));

/** Points of two numbers are a curve, y over x; of three they lie in the plane and have a class. @param {any} data */
export const isCurve = (data) => data.points?.[0]?.length === 2;

/** Data as /train takes them. @param {any} data */
export function dataBody(data) {
  if (isCurve(data)) return { x: data.points.map(([x]) => [x]), y: data.points.map(([, y]) => [y]) };
  if (!data.points) return { dataset: data.dataset, samples: data.samples, noise: data.noise, seed: data.seed, classes: classCount(data) };
  const count = classCount(data);
  const y = data.points.map(([, , c]) => (count > 2 ? Array.from({ length: count }, (_, k) => (k === c ? 1 : 0)) : [c]));
  return { x: data.points.map(([a, b]) => [a, b]), y };
}

/** @param {any} data */
export const classCount = (data) => (isCurve(data) ? 0 : data.points ? Math.max(2, ...data.points.map((p) => p[2] + 1)) : data.dataset === "blobs" ? data.classes : 2);

const thumbnails = signal({});

export async function loadThumbnails() {
  for (const dataset of SETS) {
    try {
      const { x, y } = await draw({ dataset, samples: THUMBNAIL_SAMPLES, noise: dataset === "spirals" ? 0.02 : 0.12, seed: 1, classes: 2 });
      thumbnails.value = { ...thumbnails.value, [dataset]: { x, classes: classesOf(y) } };
    } catch {
      return;
    }
  }
}

/** @param {{points: {x: number[][], classes: number[]} | undefined}} props */
function Thumbnail({ points }) {
  if (!points) return html`<svg viewBox="0 0 70 46" aria-hidden="true" />`;
  const [x0, x1] = around(points.x.map((p) => p[0]), 0.02);
  const [y0, y1] = around(points.x.map((p) => p[1]), 0.02);
  const x = linear(x0, x1, 6, 64);
  const y = linear(y0, y1, 41, 5);
  return html`<svg viewBox="0 0 70 46" aria-hidden="true">${points.x.map((p, k) =>
    html`<circle key=${k} class=${points.classes[k] ? "p1" : "p0"} cx=${x.at(p[0]).toFixed(1)} cy=${y.at(p[1]).toFixed(1)} r="1.7" />`)}</svg>`;
}

/** Rows of x₁, x₂ and a class, or of x and y, with or without a line of names. @param {string} text @param {number} target
 * @returns {{points: number[][], names: string[], classes: string[]} | {error: string}} */
export function read(text, target) {
  const lines = text.trim().split(/\r?\n/).filter((line) => line.trim());
  const separator = lines[0]?.includes("\t") ? "\t" : lines[0]?.includes(";") ? ";" : ",";
  const rows = lines.map((line) => line.split(separator).map((cell) => cell.trim()));
  const isHead = rows[0]?.every((cell) => "error" in parse(cell)) && rows.length > 1;
  const names = isHead ? (rows.shift()) : rows[0]?.map((_, k) => `column ${k + 1}`) ?? [];
  if (names.length !== 3 && names.length !== 2) return { error: "give two numbers and a class, or x and y; more columns are for Models" };
  if (rows.length > MAX_POINTS) return { error: `at most ${MAX_POINTS} points here; a larger table is for Models` };
  const width = names.length;
  const inputs = width === 2 ? [0, 1] : [0, 1, 2].filter((k) => k !== target);
  /** @type {string[]} */
  const classes = [];
  const points = [];
  for (const [k, row] of rows.entries()) {
    const line = k + (isHead ? 2 : 1);
    if (row.length !== width) return { error: `line ${line} has ${row.length} columns, the first one ${width}` };
    const values = inputs.map((column) => parse(row[column]));
    const bad = values.findIndex((value) => "error" in value);
    if (bad >= 0) return { error: `line ${line}, ${names[inputs[bad]]}: ${(values[bad]).error}` };
    if (width === 3 && !classes.includes(row[target])) classes.push(row[target]);
    points.push([...values.map((v) => v.value), ...(width === 3 ? [row[target]] : [])]);
  }
  if (width === 2) return points.length < 2 ? { error: "give at least two points" } : { names, classes, points };
  classes.sort((a, b) => Number(a) - Number(b) || a.localeCompare(b));
  if (classes.length < 2) return { error: "the class column has one value only" };
  if (classes.length > 10) return { error: `${classes.length} different classes; choose another column, or take Models` };
  return { names, classes, points: points.map(([a, b, c]) => [a, b, classes.indexOf(c)]) };
}

const EXAMPLE = "x1,x2,class\n0,0,0\n0,1,1\n1,0,1\n1,1,0";
const CURVE = `x,y\n${Array.from({ length: 25 }, (_, k) => (k - 12) / 4).map((x) => `${x},${Math.sin(2 * x).toFixed(3)}`).join("\n")}`;

/** Points as the text that they could be pasted as. @param {number[][] | null} points */
const written = (points) => (points?.length ? [points[0].length === 2 ? "x,y" : "x1,x2,class", ...points.map((p) => p.join(","))].join("\n") : EXAMPLE);

/** @param {{points: number[][] | null, onPoints: (points: number[][]) => void}} props */
function Paste({ points, onPoints }) {
  const [text, setText] = useState(written(points));
  const [target, setTarget] = useState(2);
  const found = read(text, target);
  const file = async (event) => setText(await event.target.files[0].text());
  return html`<div class="paste card"><label class="field"><span class="lbl">Two columns of numbers and one of classes, or x and y of a curve</span>
      <textarea class="entry full" rows="6" spellcheck="false" value=${text} onInput=${(e) => setText(e.target.value)}></textarea></label>
    <p class="small"><label class="link filelink">Open a file<input type="file" class="sr" accept=".csv,.txt,text/csv,text/plain" onChange=${file} /></label>,
      <button type="button" class="link" onClick=${() => setText(CURVE)}>a curve as an example</button></p>
    ${"error" in found ? html`<span class="fault" role="alert">${found.error}</span>` : html`<p class="small quiet">${found.points.length} points${found.classes.length ? html`, classes ${found.classes.join(", ")}.
      Class: ${found.names.map((name, k) => html`<button type="button" class=${k === target ? "v strong" : "v"} onClick=${() => setTarget(k)}>${name}</button> `)}` : " of a curve."}</p>`}
    <button type="button" class="button" disabled=${"error" in found} onClick=${() => "points" in found && onPoints(found.points)}>Train on it</button></div>`;
}

/** @param {{data: any, drawing: boolean, onData: (data: any) => void, onDraw: () => void, children?: any}} props */
export function DataChoice({ data, drawing, onData, onDraw, children }) {
  const [pasting, setPasting] = useState(false);
  const names = (about.value?.datasets ?? SETS).filter((n) => SETS.includes(n));
  return html`<div class="group"><h2 class="sub">Data</h2>
    <div class="sets">${names.map((name) => html`<button type="button" key=${name} aria-pressed=${!data.points && data.dataset === name}
      onClick=${() => { setPasting(false); onData({ ...data, points: null, dataset: name }); }}><${Thumbnail} points=${thumbnails.value[name]} />${name}</button>`)}</div>
    <div class="own"><button type="button" class="button ghost" aria-expanded=${pasting} onClick=${() => setPasting(!pasting)}>Paste CSV</button>
      <button type="button" class=${drawing ? "button" : "button ghost"} aria-pressed=${drawing} onClick=${onDraw}>Draw</button></div>
    ${pasting && html`<${Paste} points=${data.points} onPoints=${(points) => { setPasting(false); onData({ ...data, points }); }} />`}
    ${children}
  </div>`;
}
