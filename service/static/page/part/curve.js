/** The loss curve, which is the time slider: solid up to now, thin after. */
import { html, useRef } from "../vendor/preact.js";
import { exact, shown } from "../paint/number.js";
import { linear, logarithmic, path } from "../paint/scale.js";
import { medium, narrow } from "./screen.js";

const DIGITS = { kind: ("significant_digits"), n: 4 };

/** @param {{iteration: number[], loss: number[], at: number, iterations: number, others?: any[],
 *   onSeek: (index: number) => void}} props `at` is an index into the frames */
export function Curve({ iteration, loss, at, iterations, others = [], onSeek }) {
  const svg = useRef(null);
  const width = narrow.value ? 322 : medium.value ? 720 : 1164;
  const height = narrow.value ? 110 : 96;
  const usable = loss.filter((v) => v > 0 && Number.isFinite(v));
  const every = [...usable, ...others.flatMap((o) => o.loss.filter((v) => v > 0))];
  const low = Math.min(...every, 1);
  const high = Math.max(...every, low * 2);
  const y = logarithmic(low * 0.92, high * 1.05, height, 0);
  const x = linear(0, iterations, 0, width, narrow.value ? 5 : 5);
  const points = iteration.map((k, i) => ([x.at(k), y.at(loss[i])]));
  const here = points[Math.min(at, points.length - 1)] ?? [0, height];
  const seek = (event) => {
    const box = svg.current.getBoundingClientRect();
    const shareOf = (event.clientX - box.left) / box.width;
    const wanted = x.back(shareOf * (width + 42) - 34);
    let best = 0;
    iteration.forEach((k, i) => Math.abs(k - wanted) < Math.abs(iteration[best] - wanted) && (best = i));
    onSeek(best);
  };
  const down = (event) => {
    svg.current?.setPointerCapture(event.pointerId);
    seek(event);
  };
  const keys = (event) => {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10, Home: -1e9, End: 1e9 }[event.key];
    if (!step) return;
    event.preventDefault();
    onSeek(Math.min(Math.max(at + step, 0), iteration.length - 1));
  };
  const now = iteration[at] ?? 0;
  return html`<figure class="curvefigure"><svg ref=${svg} viewBox=${`-34 -8 ${width + 42} ${height + 34}`} role="slider" tabindex="0" aria-label="Iteration"
    aria-valuemin="0" aria-valuemax=${iterations} aria-valuenow=${now} aria-valuetext=${`iteration ${now}, loss ${shown(loss[at], DIGITS)}`}
    onPointerDown=${down} onPointerMove=${(e) => e.buttons && seek(e)} onKeyDown=${keys}>
    ${y.ticks.map((tick) => html`<path class="grid" d=${`M0 ${y.at(tick)}H${width}`} /><text class="axis" x="-8" y=${y.at(tick) + 4} text-anchor="end">${exact(tick)}</text>`)}
    ${x.ticks.map((tick) => html`<text class="axis" x=${x.at(tick)} y=${height + 22} text-anchor=${tick === 0 ? "start" : x.at(tick) > width - 14 ? "end" : "middle"}>${exact(tick)}</text>`)}
    ${others.map((o) => html`<path class=${`loss ${o.isBest ? "" : "later"}`} d=${path(o.iteration.map((k, i) => [x.at(k), y.at(o.loss[i])]))} />`)}
    ${points.length > 1 && html`
      <path class="under" d=${`${path(points.slice(0, at + 1))}V${height}H${points[0][0]}Z`} />
      <path class="loss later" d=${path(points.slice(at))} /><path class="loss" d=${path(points.slice(0, at + 1))} />`}
    <path class="head" d=${`M${here[0]} -4V${height}`} /><circle class="knob" cx=${here[0]} cy=${here[1]} r="8" />
  </svg></figure>`;
}
