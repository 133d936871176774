/** The drawn network: numbers as buttons, edges as paths, s | x in the units. */
import { html } from "../vendor/preact.js";
import { edge } from "../paint/geometry.js";

/** @typedef {import("../paint/geometry.js").Plan} Plan
 * @typedef {{pointer: string, x: number, y: number, text: string, label?: string, spoken?: string}} Anchor
 * @typedef {{symbol: string, text: string, value: number, strong: boolean} | null} Foot
 * @typedef {{s: string, x: string, foot: Foot, isNow: boolean, isDone: boolean, mark: string}} Unit */

/** @param {number} value */
export const sign = (value) => (value < 0 ? "n" : "p");

const thickness = (w) => Math.min(1.2 + 3.4 * Math.abs(w), 5.2);

/** @param {string} text @param {number} room letters that fit at full size */
const tight = (text, room) => (text.length > room ? (text.length > room + 2 ? "tiny" : "tight") : "");

/** A number that can be changed: a button within the drawing's one stop.
 * @param {{anchor: Anchor, label: string, class: string, children: any, actions: any, anchorAt?: string}} props */
export function Numeral({ anchor, label, class: kind, children, actions, anchorAt }) {
  const { pointer, x, y } = anchor;
  const open = (event) => actions.edit(anchor, label, event.type === "keydown");
  const keys = (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
      open(event);
    } else if (event.key === "t" && actions.trace) actions.trace(pointer);
  };
  if (!actions.edit) return html`<text class=${kind} x=${x} y=${y} text-anchor=${anchorAt}>${children}</text>`;
  return html`<g class="numeral" role="button" aria-label=${`${label}: ${anchor.spoken ?? anchor.text}`} data-pointer=${pointer}
    tabindex=${actions.roving === pointer ? 0 : -1} onClick=${open} onKeyDown=${keys} onFocus=${() => actions.rove(pointer)}>
    <rect class="touch" x=${x - (anchorAt === "start" ? 6 : 20)} y=${y - 19} width=${anchorAt === "start" ? 54 : 40} height="28" />
    <text class=${kind} x=${x} y=${y} text-anchor=${anchorAt} aria-hidden="true">${children}</text>
  </g>`;
}

/** Arrow keys within the drawing go from number to number. @param {any} event */
function rove(event) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const target = event.target;
  if (!step || !target.matches(".numeral")) return;
  event.preventDefault();
  event.stopPropagation();
  const all = [...event.currentTarget.querySelectorAll(".numeral")];
  const next = all[(all.indexOf(target) + step + all.length) % all.length];
  next.focus();
}

/** @param {{plan: Plan, names: {s: boolean, y: boolean}}} props */
const Head = ({ plan: p, names }) => {
  const symbol = (name, layer, x) =>
    html`<text class="sym" x=${x} y=${p.headY} text-anchor="middle">${name}<tspan class="up" dy="-6">(${layer})</tspan></text>`;
  return html`${symbol("x", 0, p.inputs[0].x)}
    ${p.units.map(([box], l) => {
      const middle = box.x + box.w / 2;
      const [left, right] = p.narrow ? [box.x + 25, box.x + 75] : [box.x + box.w / 4, box.x + (3 * box.w) / 4];
      return html`${!p.narrow && box.w > 120 && html`<path class="rule" d=${`M${middle - 10} 22h20m-4 -3.5l4.5 3.5l-4.5 3.5`} fill="none" />
        <text class="sym small" x=${middle} y="16" text-anchor="middle">σ</text>`}
        ${symbol("s", l + 1, left)}${symbol("x", l + 1, right)}`;
    })}
    ${!p.narrow && names.y && html`<text class="sym" x=${p.targets[0].x} y=${p.headY} text-anchor="middle">y</text>`}`;
};

/** @param {any} props */
function Edge({ p, l, i, j, w, lit, actions }) {
  const { x1, y1, x2, y2 } = edge(p, l, i, j);
  const path = `M${x1} ${y1}L${x2} ${y2}`;
  const kind = sign(w);
  const pointer = `/network/layers/${l}/weights/${i}/${j}`;
  const turn = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI + (lit === "back" ? 180 : 0);
  const t = lit === "back" ? 0.36 : 0.4;
  const arrow = `translate(${x1 + (x2 - x1) * t} ${y1 + (y2 - y1) * t}) rotate(${turn}) scale(${p.narrow ? 0.75 : 1})`;
  return html`<path class=${`edge ${kind} ${lit ? "on" : ""}`} d=${path} stroke-width=${thickness(w)} />
    ${lit && lit !== "plain" && html`<path class=${`arrow ${kind}`} d="M8 0L-6 -6.5L-3 0L-6 6.5Z" transform=${arrow} />`}
    ${actions.trace && html`<path class="reach" d=${path} onClick=${() => actions.trace(pointer)} />`}`;
}

/** @param {{p: Plan, l: number, i: number, unit: Unit, bias: Anchor, actions: any, blank: boolean, bare?: boolean}} props */
function Box({ p, l, i, unit, bias, actions, blank, bare }) {
  const { x, y, w, h } = p.units[l][i];
  const middle = x + w / 2;
  const half = p.narrow ? 26 : w / 4 + 1;
  const room = p.narrow ? 7 : w > 120 ? 8 : 6;
  const low = y + h / 2 + (p.narrow ? 15 : 17);
  const high = p.narrow ? y - h / 2 - 7 : low;
  const state = unit.isNow ? "now" : unit.isDone ? "done" : "";
  const { foot } = unit;
  const name = html`<${Numeral} anchor=${{ ...bias, x: x + 4, y: high }} anchorAt="start" class="cap" label=${bias.label} actions=${actions}>
      <tspan class="it">b</tspan> ${bias.text}</>`;
  if (bare) return name;
  return html`<rect class=${`box ${state} ${unit.mark ? "flat" : ""}`} x=${x} y=${y - h / 2} width=${w} height=${h} rx=${p.narrow ? 9 : 11}>
      ${unit.mark && html`<title>${unit.mark}</title>`}
    </rect>
    <path class="split" d=${`M${middle} ${y - h / 2 + 8}V${y + h / 2 - 8}`} />
    <text class=${`num ${tight(unit.s, room)}`} x=${middle - half + (p.narrow ? 2 : 0)} y=${y + 5.2}>${unit.s}</text>
    ${blank && !unit.x && html`<rect class="blank" x=${middle + 6} y=${y - h / 2 + 9} width=${w / 2 - 15} height=${h - 18} rx="5" />`}
    <text class=${`num ${unit.isNow ? "b" : ""} ${tight(unit.x, room)}`} x=${middle + half - (p.narrow ? 2 : 2)} y=${y + 5.2}>${unit.x}</text>
    ${name}
    ${foot && html`<text class=${`d ${sign(foot.value)} ${foot.strong ? "b" : ""}`} x=${x + w - 4} y=${low} text-anchor="end">
      <tspan class="it">${foot.symbol}</tspan> ${foot.text}</text>`}
    ${unit.mark && html`<text class="cap mark" x=${x + w - 4} y=${y - h / 2 - 6} text-anchor="end">${unit.mark.split(":")[0]}</text>`}`;
}

/** @param {{plan: Plan, layers: any[], anchors: any, units: Unit[][], lit: Map<string, string>, label: string,
 *   actions: any, inputs: {isNow: boolean}[], error: any, blank?: boolean, bare?: boolean, traced?: string,
 *   children?: any, showTargets?: boolean}} props */
export function Drawing(props) {
  const { plan: p, layers, anchors, units, lit, label, actions, inputs, error, blank, bare, traced, children } = props;
  const showTargets = props.showTargets ?? true;
  const faint = lit.size || blank ? "" : "whole";
  return html`<svg class=${`drawing ${faint} ${p.narrow ? "narrow" : "wide"}`} viewBox=${`0 0 ${p.width} ${p.height}`}
    role="group" aria-label=${label} onKeyDown=${rove}>
    <${Head} plan=${p} names=${{ s: true, y: showTargets }} />
    ${layers.map((layer, l) =>
      layer.weights.map((row, i) =>
        row.map((w, j) => html`<${Edge} key=${`${l}/${i}/${j}`} ...${{ p, l, i, j, w, actions }} lit=${lit.get(`${l}/${i}/${j}`)} />`)),
    )}
    ${anchors.weights.map((a) => html`
      ${traced === a.pointer && html`<rect class="pill" x=${a.x - (p.narrow ? 36 : 28)} y=${a.y - 19} width=${p.narrow ? 52 : 56} height="27" rx="13.5" />`}
      <${Numeral} key=${a.pointer} anchor=${traced === a.pointer ? { ...a, x: a.x - (p.narrow ? 10 : 0), spoken: `w ${a.text}` } : a} label=${a.label} actions=${actions} anchorAt="middle"
        class=${`wl ${sign(a.value)} ${lit.get(a.edge) ? "on" : ""} ${traced === a.pointer ? "plain" : ""}`}>
        ${traced === a.pointer && html`<tspan class="it">w</tspan> `}${a.text}</>`)}
    ${anchors.inputs.map((a, j) => html`
      <circle class=${`box done ${inputs[j].isNow ? "now" : ""}`} cx=${p.inputs[j].x} cy=${p.inputs[j].y} r=${p.radius} />
      <${Numeral} anchor=${a} label=${a.label} actions=${actions} anchorAt="middle" class=${`num big ${tight(a.text, 4)}`}>${a.text}</>`)}
    ${units.map((layer, l) => layer.map((unit, i) => html`
      <${Box} key=${`${l}/${i}`} ...${{ p, l, i, unit, actions }} bias=${anchors.biases[l][i]} blank=${blank && unit.isNow} bare=${bare} />`))}
    ${showTargets && !p.narrow && anchors.targets.map((a, k) => html`
      <path class="target" d=${`M${p.units.at(-1)?.[k].x + p.units[p.units.length - 1][k].w + 6} ${a.y - 6}H${p.targets[k].x - 24}`} />
      <circle class=${`box ${error?.isNow ? "now" : ""}`} cx=${p.targets[k].x} cy=${p.targets[k].y} r="22" />
      <${Numeral} anchor=${a} label=${a.label} actions=${actions} anchorAt="middle" class=${`num big ${tight(a.text, 4)}`}>${a.text}</>`)}
    ${showTargets && p.narrow && html`<text class="cap" x=${p.error.x} y=${p.error.y - 20} text-anchor="end">
      <tspan class="it">y</tspan> = (${anchors.targets.map((a) => a.text).join(", ")})</text>`}
    ${error?.text && html`<text class=${`num big end ${error.isNow ? "b" : ""}`} x=${p.error.x} y=${p.error.y} text-anchor="end">
      <tspan class="it">E</tspan> = ${error.text}</text>`}
    ${error?.text && !p.narrow && html`<text class="cap" x=${p.error.x} y=${p.error.y + 24} text-anchor="end">${error.formula}</text>`}
    ${children}
  </svg>`;
}
