/** The columns of a table: kind, missing, histogram, range, and what each is used for. */
import { html } from "../vendor/preact.js";
import { counted, shown } from "../paint/number.js";
import { Menu } from "./chips.js";

const DIGITS = { kind: "significant_digits", n: 4 };
const USES = { input: "input", target: "target", out: "left out" };
const WIDTH = 150;
const HEIGHT = 20;
const MAX_BARS = 24;

/** @param {{counts: number[], isOut: boolean, gap: number}} props */
function Bars({ counts, isOut, gap }) {
  const largest = Math.max(...counts, 1);
  const wide = WIDTH / counts.length;
  return html`<svg class=${isOut ? "spark out" : "spark"} viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
    ${counts.map((n, k) => {
      const tall = n ? Math.max((n / largest) * HEIGHT, 1) : 0;
      return html`<rect key=${k} x=${(k * wide).toFixed(1)} y=${(HEIGHT - tall).toFixed(1)} width=${(wide - gap).toFixed(1)} height=${tall.toFixed(1)} />`;
    })}</svg>`;
}

/** What a column holds, in a few words. @param {any} column */
function rangeOf(column) {
  if (column.range) return `${shown(column.range[0], DIGITS)} to ${shown(column.range[1], DIGITS)}`;
  const listed = column.categories ?? [];
  const [first] = listed;
  if (!first) return "";
  return listed.every((c) => c.count === first.count) ? `${counted(first.count)} rows each` : `${counted(first.count)} × ${String(first.value).slice(0, 14)}, …`;
}

/** @param {any} column */
const kindOf = (column) => (column.kind === "category" ? `${counted(column.distinct)} classes` : column.kind);

/** @param {{columns: any[], uses: Record<string, string>, onUse: (name: string, use: string) => void}} props */
export const Columns = ({ columns, uses, onUse }) => html`<div class="scroll" tabindex="0"><table class="columns">
  <thead><tr><th scope="col">column</th><th scope="col">kind</th><th scope="col">missing</th><th scope="col">values</th><th scope="col" class="wd">range</th><th scope="col">use</th></tr></thead>
  <tbody>${columns.map((column) => {
    const use = uses[column.name] ?? "input";
    const counts = column.histogram?.counts ?? (column.categories ?? []).slice(0, MAX_BARS).map((c) => c.count);
    return html`<tr key=${column.name} class=${use}><th scope="row">${column.name}</th><td>${kindOf(column)}</td><td>${counted(column.missing)}</td>
      <td><${Bars} counts=${counts} isOut=${use === "out"} gap=${column.histogram ? 1.4 : 4} /></td><td class="wd">${rangeOf(column)}</td>
      <td><${Menu} bare label=${`use of ${column.name}`} value=${use} choices=${USES} onChoose=${(chosen) => onUse(column.name, chosen)} /></td></tr>`;
  })}</tbody></table></div>`;
