/** Where the parts of a drawn network stand. Pure: sizes in, coordinates out. */

/** @typedef {{x: number, y: number, w?: number}} Point
 * @typedef {{x: number, y: number, w: number, h: number}} Box
 * @typedef {{width: number, height: number, inputs: Point[], radius: number, units: Box[][],
 *   targets: Point[], narrow: boolean, headY: number, error: Point}} Plan */

export const MAX_DRAWN_UNITS = 8;
export const MAX_DRAWN_LAYERS = 5;

/** @param {number[]} sizes */
export const isDrawable = (sizes) =>
  Math.max(...sizes) <= MAX_DRAWN_UNITS && sizes.length - 1 <= MAX_DRAWN_LAYERS;

const PITCH = [0, 143, 143, 143, 112, 94];
const WIDE = { first: 58, radius: 25, height: 50, target: 770, top: 82, below: 74, headY: 26 };
const NARROW = { first: 22, radius: 19, height: 40, target: 0, top: 64, below: 48, headY: 18 };

/** @param {number[]} sizes @param {boolean} narrow @returns {Plan} */
export function plan(sizes, narrow) {
  const form = narrow ? NARROW : WIDE;
  const layers = sizes.length - 1;
  const tallest = Math.max(...sizes);
  const pitch = narrow ? (tallest > 4 ? 92 : 136) : (PITCH[tallest] ?? 84);
  const middle = form.top + (pitch * (tallest - 1)) / 2;
  const row = (i, n) =>
    middle + pitch * (i - (n - 1) / 2);
  const { w, left, width } = columns(layers, narrow);
  const units = sizes.slice(1).map((n, l) =>
    Array.from({ length: n }, (_, i) => ({ x: left[l], y: row(i, n), w, h: form.height })),
  );
  const outputs = sizes[layers];
  const inputs = Array.from({ length: sizes[0] }, (_, j) => ({ x: form.first, y: row(j, sizes[0]) }));
  const targets = Array.from({ length: outputs }, (_, k) => ({ x: width - 42, y: row(k, outputs) }));
  const lowest = row(outputs - 1, outputs);
  const error = narrow ? { x: width - 4, y: lowest + 100 } : { x: width - 20, y: lowest + 72 };
  const height = Math.max(row(tallest - 1, tallest) + form.below, error.y + (narrow ? 14 : 36));
  return { width, height, inputs, radius: form.radius, units, targets, narrow, error, headY: form.headY };
}

/** The left edges of the layers' boxes. @param {number} layers @param {boolean} narrow */
function columns(layers, narrow) {
  if (narrow) {
    const gap = 57;
    const width = Math.max(358, 43 + layers * (100 + gap) + 2);
    const w = 100;
    const free = (width - 2 - 41 - layers * w) / layers;
    return { w, width, left: Array.from({ length: layers }, (_, l) => 41 + free + l * (w + free)) };
  }
  if (layers <= 2) return { w: 148, width: 812, left: layers === 1 ? [400] : [262, 530] };
  const w = 112;
  const width = Math.max(812, 83 + layers * (w + 96) + 134);
  const free = (width - 134 - 83 - layers * w) / layers;
  return { w, width, left: Array.from({ length: layers }, (_, l) => 83 + free + l * (w + free)) };
}

/** Both ends of the edge from unit j of the layer below to unit i of layer l.
 * @param {Plan} p @param {number} l @param {number} i @param {number} j */
export function edge(p, l, i, j) {
  const to = p.units[l][i];
  const from = l === 0 ? p.inputs[j] : p.units[l - 1][j];
  const x1 = l === 0 ? from.x + p.radius : from.x + from.w;
  return { x1, y1: from.y, x2: to.x, y2: to.y };
}

const PLACES = [0.75, 0.66, 0.25, 0.62, 0.38, 0.5, 0.84, 0.16, 0.69, 0.31, 0.56, 0.44];

/** Where the weights stand on their edges, without one covering another.
 * @param {Plan} p @param {string[][][]} texts by layer, unit and unit below */
export function labels(p, texts) {
  const letter = p.narrow ? 6.4 : 7.4;
  const tall = p.narrow ? 15 : 17;
  return texts.map((layer, l) => {
    const edges = layer.flatMap((row, i) =>
      row.map((text, j) => ({ i, j, text, ...edge(p, l, i, j), w: letter * text.length + 4 })),
    );
    const order = p.narrow ? PLACES.slice(1) : PLACES;
    const columnsTried = order.map((t) => ({ t, room: clearance(edges, t) }));
    const best = columnsTried.find(({ room }) => room >= tall) ?? { t: 0, room: 0 };
    /** @type {{x: number, y: number, w: number}[]} */
    const placed = [];
    const at = new Map();
    for (const e of edges) {
      const choices = best.t ? [best.t] : order;
      const scored = choices.map((t) => {
        const x = e.x1 + (e.x2 - e.x1) * t;
        const y = e.y1 + (e.y2 - e.y1) * t;
        const covered = placed.filter(
          (o) => Math.abs(o.y - y) < tall && Math.abs(o.x - x) < (o.w + e.w) / 2,
        ).length;
        return { x, y, w: e.w, covered };
      });
      const chosen = scored.reduce((a, b) => (b.covered < a.covered ? b : a));
      placed.push(chosen);
      at.set(`${e.i}/${e.j}`, { x: chosen.x, y: chosen.y });
    }
    return at;
  });
}

/** The least distance of two labels when all of them stand at the share t of their edges.
 * @param {{y1: number, y2: number}[]} edges @param {number} t */
function clearance(edges, t) {
  const ys = edges.map((e) => e.y1 + (e.y2 - e.y1) * t).sort((a, b) => a - b);
  return ys.slice(1).reduce((least, y, k) => Math.min(least, y - ys[k]), Infinity);
}
