/** Which rows train, validate and test: a bar with two handles. */
import { html, useRef } from "../vendor/preact.js";
import { counted } from "../paint/number.js";
import { narrow } from "./screen.js";

const LEAST = 0.02;

/** @param {{rows: number, validation: number, test: number, onSplit: (part: any) => void}} props shares of the rows */
export function Split({ rows, validation, test, onSplit }) {
  const WIDTH = narrow.value ? 342 : 780;
  const svg = useRef(null);
  const held = useRef("");
  const counts = { validation: Math.round(rows * validation), test: Math.round(rows * test) };
  const training = rows - counts.validation - counts.test;
  const [first, second] = [(training / rows) * WIDTH, ((training + counts.validation) / rows) * WIDTH];
  const put = (which, at) => {
    const share = Math.min(Math.max(at, LEAST), 1 - LEAST);
    const exact = (v) => Math.round(v * rows) / rows;
    if (which === "first") onSplit({ validation: exact(Math.max(1 - test - share, 0)) });
    else onSplit({ test: exact(1 - share), validation: exact(Math.max(Math.min(validation, share - LEAST), 0)) });
  };
  const move = (event) => {
    if (!held.current) return;
    const box = svg.current.getBoundingClientRect();
    put(held.current, (event.clientX - box.left) / box.width);
  };
  const keys = (which, at) => (event) => {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (!step) return;
    event.preventDefault();
    put(which, at / WIDTH + step / rows);
  };
  const handle = (which, at, label) => html`<g role="slider" tabindex="0" class="split-handle" aria-label=${label} aria-valuemin="0" aria-valuemax=${rows}
    aria-valuenow=${Math.round((at / WIDTH) * rows)} onKeyDown=${keys(which, at)} onPointerDown=${(event) => { held.current = which; svg.current.setPointerCapture(event.pointerId); }}>
    <circle class="touch" cx=${at} cy="14" r="18" /><circle class="knob" cx=${at} cy="14" r="8" /></g>`;
  const part = (count, word) => html`<span><b>${counted(count)}</b> ${word}</span>`;
  return html`<div class="split3"><svg ref=${svg} viewBox=${`0 0 ${WIDTH} 28`} role="group" aria-label="How the rows are split" onPointerMove=${move} onPointerUp=${() => (held.current = "")}>
      <path class="seg a" d=${`M4 14H${first}`} /><path class="seg b" d=${`M${first} 14H${second}`} /><path class="seg c" d=${`M${second} 14H${WIDTH - 4}`} />
      ${handle("first", first, "end of the training rows")}${handle("second", second, "end of the validation rows")}</svg>
    <p class="parts">${part(training, "training")}${part(counts.validation, "validation")}${part(counts.test, "test")}</p></div>`;
}
