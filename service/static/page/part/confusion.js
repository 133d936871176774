/** The confusion table: a row for each class, a column for what was predicted; a wrong cell opens its rows. */
import { html } from "../vendor/preact.js";
import { counted, shown } from "../paint/number.js";

const DIGITS = { kind: "significant_digits", n: 3 };

/** @param {{found: any, listed: any, onCell: (cell: any) => void}} props */
export function Confusion({ found, listed, onCell }) {
  const labels = found.classes.map(({ label }) => label);
  const isListed = (truth, said) => listed && listed !== "wrong" && listed.truth === truth && listed.said === said;
  const cell = (count, i, j) => {
    if (i === j) return html`<td class="hit">${counted(count)}</td>`;
    if (!count) return html`<td class="nil">0</td>`;
    const [truth, said] = [labels[i], labels[j]];
    return html`<td class="miss"><button type="button" aria-pressed=${Boolean(isListed(truth, said))} aria-label=${`${counted(count)} rows of ${truth} predicted as ${said}`}
      onClick=${() => onCell(isListed(truth, said) ? null : { truth, said })}>${counted(count)}</button></td>`;
  };
  return html`<div class="scroll" tabindex="0"><table class="confusion"><thead><tr><th scope="col">true \\ said</th>${labels.map((label) => html`<th scope="col" key=${label}>${String(label)}</th>`)}<th scope="col" class="m">recall</th></tr></thead>
    <tbody>${found.confusion.map((row, i) => html`<tr key=${i}><th scope="row">${String(labels[i])}</th>${row.map((count, j) => cell(count, i, j))}<td class="m">${shown(found.classes[i].recall, DIGITS) || "–"}</td></tr>`)}</tbody>
    <tfoot><tr><th scope="row">precision</th>${found.classes.map(({ precision }, k) => html`<td key=${k}>${shown(precision, DIGITS) || "–"}</td>`)}<td class="m"></td></tr></tfoot></table></div>`;
}
