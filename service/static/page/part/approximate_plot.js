/** f thin, NN with its knots, handles on an axis of their own, and the error inside its band. */
import { html, useRef } from "../vendor/preact.js";
import { exact, shown } from "../paint/number.js";
import { around, linear, path } from "../paint/scale.js";
import { narrow } from "./screen.js";

const DIGITS = { kind: ("significant_digits"), n: 4 };
const MAX_HANDLES = 60;

const LABEL = 110; // the width of "NN, 81 segments"
const PLACES = [0.71, 0.84, 0.58, 0.45, 0.32, 0.2, 0.08];

/** Where a label keeps clear of the polyline: above it, and of several places the one with most room.
 * @param {number[][]} corners in pixels @param {number} width @param {number} bottom */
function clearPlace(corners, width, bottom) {
  const heightAt = (px) => {
    const k = Math.max(1, corners.findIndex(([a]) => a >= px));
    const [[a, b], [c, d]] = [corners[k - 1], corners[k]];
    return b + ((px - a) / (c - a || 1)) * (d - b);
  };
  const rooms = PLACES.filter((share) => share * width + LABEL <= width).flatMap((share) => {
    const px = share * width;
    const heights = [0, 0.25, 0.5, 0.75, 1].map((t) => heightAt(px + t * LABEL));
    return [{ x: px, y: Math.min(...heights) - 16, room: Math.min(...heights) - 16 }, { x: px, y: Math.max(...heights) + 26, room: bottom - Math.max(...heights) - 26 }];
  });
  return rooms.find(({ room }) => room >= 14) ?? rooms[0];
}

/** @param {{q: any, data: any, f: {x: number[], f: number[]} | null, onKnot?: (k: number, x: number) => void, onValue?: (k: number, y: number) => void,
 *   onShift: {knot: (k: number, by: number) => void, value: (k: number, by: number) => void}}} props */
export function ApproximatePlot({ q, data, f, onKnot, onValue, onShift }) {
  const svg = useRef(null);
  const dragged = useRef(null);
  const size = narrow.value ? { w: 308, top: 190, handles: 206, error: 250, band: 84, left: 42 } : { w: 740, top: 292, handles: 302, error: 346, band: 96, left: 50 };
  if (!data) return html`<figure class="plot"><svg viewBox=${`${-size.left} -8 ${size.w + size.left + 8} ${size.error + size.band + 40}`} aria-hidden="true" /></figure>`;
  const { grid, values } = data;
  const curve = f && { ...f, nn: through(grid, values, f.x) };
  const last = grid.length - 1;
  const x = linear(grid[0], grid[last], 0, size.w, narrow.value ? 4 : 5);
  const drawn = [...values, ...(curve?.f ?? [])].filter(Number.isFinite);
  const [low, high] = around(drawn, 0.06);
  const y = linear(low, high, size.top, 0, 4);
  const line = zip(grid, values);
  const error = curve ? curve.x.map((v, k) => [v, curve.nn[k] - curve.f[k]]).filter((p) => Number.isFinite(p[1])) : [];
  const bound = q.mode === "tolerance" || q.mode === "samples" ? q.tolerance : (data.error_bound ?? data.max_error);
  const reach = Math.max(bound, ...error.map((p) => Math.abs(p[1])), 1e-12) * 1.18;
  const e = linear(-reach, reach, size.error + size.band, size.error, 4);
  const moving = (event) => {
    const here = dragged.current;
    if (!here || !svg.current) return;
    const box = svg.current.getBoundingClientRect();
    const scale = (size.w + size.left + 8) / box.width;
    if (here.vertical) onValue?.(here.k, y.back((event.clientY - box.top) * scale - 8));
    else onKnot?.(here.k, x.back((event.clientX - box.left) * scale - size.left));
  };
  const grab = (k, vertical) => (event) => {
    dragged.current = { k, vertical };
    svg.current?.setPointerCapture(event.pointerId);
  };
  const keys = (k) => (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, PageUp: 10, PageDown: -10 }[event.key];
    const lift = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!step && !lift) return;
    event.preventDefault();
    event.stopPropagation();
    if (step) onShift.knot(k, (step * (grid[last] - grid[0])) / 400);
    if (lift) onShift.value(k, (lift * (high - low)) / 400);
  };
  const label = clearPlace(zip(grid, values).map(([a, b]) => [x.at(a), y.at(b)]), size.w, y.at(low));
  const start = curve ? y.at(curve.f[Math.floor(curve.f.length * 0.06)]) : 0;
  const besideStart = start + 28 < y.at(low) - 4 ? start + 28 : start - 14;
  const inner = grid.slice(1, -1).map((_, k) => k + 1);
  const isEditable = onKnot && grid.length <= MAX_HANDLES;
  const fLabel = q.mode === "samples" ? "samples" : q.f.length > 28 ? "f" : q.f;
  return html`<figure class="plot approx"><svg ref=${svg} viewBox=${`${-size.left} -8 ${size.w + size.left + 8} ${size.error + size.band + 40}`} role="group"
      aria-label=${`${fLabel} and its ReLU network through ${grid.length} points; below it the error`}
      onPointerMove=${moving} onPointerUp=${() => (dragged.current = null)} onPointerCancel=${() => (dragged.current = null)}>
    ${y.ticks.map((t) => html`<path class="grid" d=${`M0 ${y.at(t)}H${size.w}`} /><text class="axis" x="-9" y=${y.at(t) + 4} text-anchor="end">${exact(t)}</text>`)}
    ${grid.length <= MAX_HANDLES && grid.map((v, k) => html`<path class="drop" d=${`M${x.at(v)} ${y.at(values[k])}V${size.error + size.band}`} />`)}
    <rect class="band" x="0" y=${e.at(bound)} width=${size.w} height=${e.at(-bound) - e.at(bound)} />
    ${[bound, 0, -bound].map((t, k) => html`<path class=${k === 1 ? "rule" : "tol"} d=${`M0 ${e.at(t)}H${size.w}`} /><text class="axis" x="-9" y=${e.at(t) + 4} text-anchor="end">${shown(t, { kind: "significant_digits", n: 3 })}</text>`)}
    ${error.length > 0 && html`<path class="err" d=${path(error.map((p) => [x.at(p[0]), e.at(p[1])]))} />`}
    ${curve ? html`<path class="f" d=${path(zip(curve.x, curve.f).filter((p) => Number.isFinite(p[1])).map(([a, b]) => [x.at(a), y.at(b)]))} />` : ""}
    <path class="nn" d=${path(line.map(([a, b]) => [x.at(a), y.at(b)]))} />
    ${grid.length <= MAX_HANDLES && grid.map((v, k) => html`<circle key=${`k${k}`} class=${`knot ${onValue ? "grab" : ""}`} cx=${x.at(v)} cy=${y.at(values[k])} r="4.6"
      onPointerDown=${onValue && grab(k, true)} />`)}
    <path class="rule" d=${`M0 ${size.handles}H${size.w}M0 ${size.handles - 6}v12M${size.w} ${size.handles - 6}v12`} fill="none" />
    ${isEditable && inner.map((k) => html`<g key=${`h${k}`} class="handle-box" role="slider" tabindex="0" aria-label=${`knot ${k}`} aria-valuemin=${grid[k - 1]} aria-valuemax=${grid[k + 1]}
      aria-valuenow=${grid[k]} aria-valuetext=${`x ${shown(grid[k], DIGITS)}, value ${shown(values[k], DIGITS)}`} onPointerDown=${grab(k, false)} onKeyDown=${keys(k)}>
      <rect class="touch" x=${x.at(grid[k]) - (narrow.value ? 20 : 14)} y=${size.handles - (narrow.value ? 26 : 14)} width=${narrow.value ? 40 : 28} height=${narrow.value ? 50 : 30} /><path class="handle" d=${`M${x.at(grid[k])} ${size.handles - 9}l6.5 6v11h-13v-11z`} /></g>`)}
    <text class="lab p halo paper" x=${narrow.value ? size.w : label.x} y=${narrow.value ? 6 : label.y} text-anchor=${narrow.value ? "end" : "start"}>NN, ${grid.length - 1} segments</text>
    ${curve && !narrow.value && html`<text class="lab halo paper" x="14" y=${besideStart}>${fLabel}</text>`}
    <text class="lab n" x="0" y=${size.error - 16}>${curve ? html`error NN − <tspan class="it">f</tspan>` : "the error of samples is in the text"}</text>
    ${isEditable && !narrow.value && html`<text class="lab" x=${size.w} y=${size.error - 16} text-anchor="end">drag a knot, or ← → on it</text>`}
    ${x.ticks.map((t) => html`<text class="axis" x=${x.at(t)} y=${size.error + size.band + 22} text-anchor="middle">${exact(t)}</text>`)}
  </svg></figure>`;
}

/** The polyline at these x, for pixels. @param {number[]} grid @param {number[]} values @param {number[]} xs */
function through(grid, values, xs) {
  let k = 1;
  return xs.map((v) => {
    while (k < grid.length - 1 && grid[k] < v) k++;
    return values[k - 1] + ((values[k] - values[k - 1]) * (v - grid[k - 1])) / (grid[k] - grid[k - 1]);
  });
}

/** @param {number[]} a @param {number[]} b @returns {[number, number][]} */
const zip = (a, b) => a.map((v, k) => [v, b[k]]);
