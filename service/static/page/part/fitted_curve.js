/** The output over one input: the points, and the curve through them. */
import { html, useEffect, useRef } from "../vendor/preact.js";
import { forward } from "../paint/forward.js";
import { exact } from "../paint/number.js";
import { linear, path } from "../paint/scale.js";
import { placeOf, pointer } from "./drawn_points.js";

const WIDTH = 405;
const HEIGHT = 363;
const LEFT = 40;
const SAMPLES = 240;

/** @param {{layers: any[] | null, points: number[][], extent: any, label: string, onPoints?: ((points: number[][]) => void) | null}} props */
export function FittedCurve({ layers, points, extent, label, onPoints }) {
  const svg = useRef(null);
  const curve = useRef(null);
  const x = linear(extent.x[0], extent.x[1], 0, WIDTH, 5);
  const y = linear(extent.y[0], extent.y[1], HEIGHT, 0, 4);
  useEffect(() => {
    const places = Array.from({ length: SAMPLES + 1 }, (_, k) => x.back((k / SAMPLES) * WIDTH));
    const d = layers ? path(places.map((v) => [x.at(v), y.at(forward(layers, [v]).at(-1)[0])])) : "";
    curve.current?.setAttribute("d", d);
  }, [layers, extent]);
  const actions = onPoints ? pointer({ svg, x, y, points, onPoints, isCurve: true }) : {};
  return html`<figure class=${`painted ${onPoints ? "drawable" : ""}`}>
    <svg ref=${svg} viewBox=${`${-LEFT} 0 ${WIDTH + LEFT} ${HEIGHT + 23}`} role="img" aria-label=${label} ...${actions}>
      <clipPath id="within"><rect width=${WIDTH} height=${HEIGHT} /></clipPath>
      <rect class="frame" width=${WIDTH} height=${HEIGHT} />
      ${y.ticks.map((t) => html`<path class="grid" d=${`M0 ${y.at(t)}H${WIDTH}`} /><text class="axis" x="-7" y=${y.at(t) + 4} text-anchor="end">${exact(t)}</text>`)}
      <path class="nn" ref=${curve} clip-path="url(#within)" />
      ${points.map((p, k) => {
        const [a, b] = onPoints ? placeOf(p, k) : p;
        return html`<circle key=${k} class="ptc" cx=${x.at(a)} cy=${y.at(b)} r="3.8" />`;
      })}
      ${x.ticks.map((t) => html`<text class="axis" x=${x.at(t)} y=${HEIGHT + 18} text-anchor="middle">${exact(t)}</text>`)}
    </svg>
  </figure>`;
}
