/** The worked step: symbol, formula, the numbers put in, the value; and a field for one's own. */
import { html, useState } from "../vendor/preact.js";
import { ask } from "../ask.js";
import { parse, shown } from "../paint/number.js";
import { adopt } from "./maths.js";
import { judged } from "./judged.js";
import { Icon } from "./icons.js";
import { sentence } from "./request.js";

/** The lines of one number of the solution. @param {any} entry @param {boolean} hidden
 * @param {import("../paint/number.js").Rounding} rounding */
function lines(entry, hidden, rounding) {
  const { symbol, formula, substituted, value, exact } = entry;
  const right = [formula, ...(Array.isArray(substituted) ? substituted : [substituted])].filter(Boolean);
  const answer = hidden ? html`<mtext class="hole">?</mtext>` : html`<mn class="answer">${shown(value, rounding, exact)}</mn>`;
  return html`<math display="block"><mtable displaystyle="true" class="aligned">
    ${right.map((text, k) => html`<mtr key=${k}><mtd>${k === 0 ? adopt(symbol) : ""}</mtd><mtd><mrow><mo>=</mo>${adopt(text)}</mrow></mtd></mtr>`)}
    <mtr><mtd>${right.length ? "" : adopt(symbol)}</mtd><mtd><mrow><mo>=</mo>${answer}</mrow></mtd></mtr>
  </mtable></math>`;
}

/** @param {{entries: any[], hidden?: boolean, old?: boolean, rounding: import("../paint/number.js").Rounding}} props `old` are lines of numbers that have changed since. */
export const Formulas = ({ entries, hidden, old, rounding }) => html`<div class=${old ? "worked old" : "worked"} tabindex="0" role="group" aria-label="The step worked out">
  ${entries.map((entry, k) => html`<div key=${entry.pointer}>${lines(entry, Boolean(hidden) && k === entries.length - 1, rounding)}</div>`)}
</div>`;

const VERDICTS = {
  correct: ["check", "Right"], follows: ["follows", "Right, given an earlier slip"], wrong: ["cross", "Not this"],
};

/** Nested arrays of nulls with one number. @param {string[]} path @param {number} value @param {number[]} shape */
function alone(path, value, shape) {
  if (!path.length) return value;
  /** @type {any[]} */
  const row = Array.from({ length: shape[0] }, () => (path.length > 1 ? alone(path.slice(1), null, shape.slice(1)) : null));
  const at = Number(path[0]);
  row[at] = alone(path.slice(1), value, shape.slice(1));
  return path.length > 1 ? row.map((r, k) => (k === at ? r : Array(shape[1]).fill(null))) : row;
}

/** /check's answers with one number and nothing else. @param {string} pointer @param {number} value @param {any[]} layers */
export function onlyAnswer(pointer, value, layers) {
  const [place, l, name, ...path] = pointer.split("/");
  if (place === "loss") return { loss: value };
  const row = layers[Number(l)].weights;
  const above = layers.map((_, k) => (k === Number(l) ? { [name]: alone(path, value, [row.length, row[0].length]) } : {}));
  return { layers: above.slice(0, Number(l) + 1) };
}

/** Its key is the pointer: what is typed belongs to one number. @param {{pointer: string, question: any, layers: any[], onAnswer?: (answer: any) => void, strong?: boolean}} props */
export function OwnNumber({ pointer, question, layers, onAnswer, strong }) {
  const [text, setText] = useState("");
  const [said, setSaid] = useState(null);
  const submit = async (event) => {
    event.preventDefault();
    const read = parse(text);
    if ("error" in read) return setSaid({ icon: "cross", text: read.error });
    const decimals = Math.max((text.replace(",", ".").split(".")[1] ?? "").replace(/e.*/i, "").length, 2);
    const json = { ...question, significant_digits: undefined, decimals, rounding: "display", hints: 1, answers: onlyAnswer(pointer, read.value, layers) };
    try {
      const answer = await ask("POST", "/check", { json });
      const found = answer.data.numbers.find((n) => n.pointer === `/${pointer}`);
      const [icon, word] = VERDICTS[found.verdict];
      const mistakes = found.mistakes.map((m) => m.sentence).join(" ");
      setSaid({ icon, text: found.verdict === "wrong" ? mistakes || `${word}. Try the line above again.` : `${word}, to ${decimals} decimals.` });
      judged.value = { pointer, verdict: found.verdict };
      onAnswer?.(answer);
    } catch (problem) {
      setSaid({ icon: "warn", text: sentence(problem) });
    }
  };
  return html`<form class="try" onSubmit=${submit}>
    <label for="own">Your own number</label>
    <input class="entry w" id="own" inputmode="decimal" placeholder="…" autocomplete="off" value=${text} aria-describedby="verdict"
      onInput=${(e) => { setText(e.target.value); setSaid(null); }} onKeyDown=${(e) => e.stopPropagation()} />
    <button class=${strong ? "button" : "button ghost"}>Check</button>
    <p class="verdict-line" id="verdict" role="status">${said ? html`<${Icon} name=${said.icon} class="ink" /> ${said.text}` : "Rounded as you like; it is judged to your decimals."}</p>
  </form>`;
}
