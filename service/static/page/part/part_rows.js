/** Rows of a part, listed: a click puts a row into the fields of the prediction. */
import { html } from "../vendor/preact.js";
import { counted, exact, shown } from "../paint/number.js";
import { pick } from "./predict.js";
import { isWrong, picked } from "./table_rows.js";

const MAX_LISTED = 50;
const DIGITS = { kind: "significant_digits", n: 6 };

/** @param {any} value */
const text = (value) => (value === null ? "–" : typeof value === "number" ? shown(value, DIGITS) : String(value));

/** @param {{found: any, listed: any, onClose: () => void}} props */
export function PartRows({ found, listed, onClose }) {
  const chosen = found.rows.filter((row) => (listed === "wrong" ? isWrong(row) : String(row.truth) === String(listed.truth) && String(row.said) === String(listed.said)));
  const title = listed === "wrong" ? `Wrong ${found.part} rows` : html`${String(listed.truth)} predicted as ${String(listed.said)}`;
  return html`<section class="listed"><div class="parthead"><h2 class="sub">${title}</h2><button type="button" class="link small" onClick=${onClose}>Close</button></div>
    ${chosen.length ? html`<div class="scroll" tabindex="0"><table class="rows"><thead><tr><th scope="col">row</th><th scope="col">true</th><th scope="col">said</th>${found.columns.map((name) => html`<th scope="col" key=${name}>${name}</th>`)}</tr></thead>
      <tbody>${chosen.slice(0, MAX_LISTED).map((row) => html`<tr key=${row.number} class=${picked.value?.number === row.number ? "now" : ""}><td><button type="button" class="link" aria-label=${`Put row ${exact(row.number)} into the fields`} onClick=${() => pick(found.columns, row)}>${counted(row.number)}</button></td>
        <td>${text(row.truth)}</td><td>${text(row.said)}</td>${row.cells.map((cell) => html`<td>${text(cell)}</td>`)}</tr>`)}</tbody></table></div>`
    : html`<p class="quiet small">No row.</p>`}
    ${chosen.length > MAX_LISTED && html`<p class="quiet small">The first ${MAX_LISTED}.</p>`}</section>`;
}
