/** The network of Train: a tile for each unit as it sees the plane, weights as wires. */
import { html, useEffect, useMemo, useRef } from "../vendor/preact.js";
import { field, paint } from "../paint/field.js";
import { dark } from "./screen.js";
import { sign } from "./network.js";

const WIDTH = 470;
const HEIGHT = 386;
const MAX_TILES = 16;
const LATTICE = 20;

/** Both ends of what a unit's activation can say, for its tile. @param {string} name @param {Float32Array} values @returns {[number, number]} */
function range(name, values) {
  if (name === "sigmoid" || name === "softmax") return ([0, 1]);
  if (name === "tanh") return ([-1, 1]);
  const reach = values.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-9);
  return ([-reach, reach]);
}

/** @param {number[]} sizes */
function places(sizes) {
  const columns = sizes.length;
  return sizes.map((n, c) => {
    const count = Math.min(n, MAX_TILES);
    const pitch = Math.min(98, (HEIGHT - 46) / Math.max(count, 1), c === 0 ? 98 : c === columns - 1 ? 80 : 46);
    const x = 36 + (c * (WIDTH - 36 - 46)) / (columns - 1);
    const size = c === columns - 1 && count < 4 ? 52 : Math.min(40, pitch * 0.92);
    return Array.from({ length: count }, (_, i) => ({ x, y: (HEIGHT - 26) / 2 + (i - (count - 1) / 2) * pitch, w: size, h: size * 0.79 }));
  });
}

/** @param {{layers: any[] | null, sizes: number[], activations: string[], extent: any, inputs: string[]}} props */
export function Wires({ layers, sizes, activations, extent, inputs }) {
  const root = useRef(null);
  const at = places(sizes);
  useEffect(() => {
    if (!layers || !root.current) return;
    const values = field(layers, extent, LATTICE);
    for (const canvas of root.current.querySelectorAll("canvas")) {
      const [l, i] = String(canvas.dataset.unit).split("/").map(Number);
      const unit = values[l]?.[i];
      if (unit) paint(canvas, [unit], LATTICE, dark.value, range(activations[l], unit));
    }
  }, [layers, ...extent.x, ...extent.y, dark.value, sizes.join()]);
  return useMemo(() => picture(root, at, { layers, sizes, activations, inputs }), [layers, sizes.join(), activations.join(), inputs.join()]);
}

/** @param {any} root @param {any[][]} at @param {any} shown */
function picture(root, at, { layers, sizes, activations, inputs }) {
  const largest = layers ? Math.max(...layers.map((layer) => Math.max(...layer.weights.map((row) => Math.max(...row.map(Math.abs)))))) : 1;
  const wire = (w, a, b, first) => {
    const share = Math.sqrt(Math.abs(w) / largest);
    const [x1, x2] = [a.x + (first ? 18 : a.w / 2), b.x - b.w / 2];
    const bend = (x2 - x1) * 0.5;
    return html`<path class=${`wire ${sign(w)}`} stroke-width=${(0.6 + 4 * share).toFixed(2)} opacity=${(0.25 + 0.7 * share).toFixed(2)}
      d=${`M${x1} ${a.y}C${x1 + bend} ${a.y} ${x2 - bend} ${b.y} ${x2} ${b.y}`} />`;
  };
  const percent = (u) => ({ left: `${((u.x - u.w / 2) / WIDTH) * 100}%`, top: `${((u.y - u.h / 2) / HEIGHT) * 100}%`, width: `${(u.w / WIDTH) * 100}%`, height: `${(u.h / HEIGHT) * 100}%` });
  const hidden = sizes.slice(1, -1).map((n, l) => `${n} ${activations[l]}`).join(", ");
  return html`<figure class="painted wires" ref=${root}>
    <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label=${`The ${sizes.join("-")} network; thickness is the size of a weight, dashed is negative`}>
      ${layers && layers.map((layer, l) => layer.weights.slice(0, MAX_TILES).map((row, i) =>
        row.slice(0, MAX_TILES).map((w, j) => wire(w, at[l][j], at[l + 1][i], l === 0))))}
      ${at[0].map((u, j) => html`<circle class="knob" cx=${u.x} cy=${u.y} r="18" /><text class="axis it" x=${u.x} y=${u.y + 5} text-anchor="middle">${inputs[j]}</text>`)}
      ${at.slice(1).map((layer) => layer.map((u) => html`<rect class="tile" x=${u.x - u.w / 2} y=${u.y - u.h / 2} width=${u.w} height=${u.h} rx="2" />`))}
      <text class="axis" x=${WIDTH / 2} y=${HEIGHT - 3} text-anchor="middle">${hidden ? `${hidden} units, each as it sees ${inputs.length === 1 ? "x" : "the plane"}` : "no hidden units"}${Math.max(...sizes) > MAX_TILES ? `; the first ${MAX_TILES} are drawn` : ""}</text>
    </svg>
    ${at.slice(1).map((layer, l) => layer.map((u, i) => html`<canvas key=${`${l}/${i}`} data-unit=${`${l}/${i}`} width=${LATTICE} height=${LATTICE} aria-hidden="true" style=${percent(u)} />`))}
  </figure>`;
}
