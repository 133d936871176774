/** The steps of a computation in the order of the derivation, and the numbers within each. */
import { gradientOf, quantity } from "./maths.js";
import { html } from "../vendor/preact.js";

/** @typedef {{kind: string, l: number, group: string, symbol: any, name: string}} Step
 * @typedef {{i: number, j: number | null, quantities: string[]}} Entry */

/** @param {number} layers @returns {Step[]} */
export function stepsOf(layers) {
  const up = Array.from({ length: layers }, (_, l) => l);
  const down = [...up].reverse();
  const step = (kind, l, group, symbol, name) =>
    ({ kind, l, group, symbol, name });
  return [
    step("inputs", -1, "Forward", quantity("x", 0), "x of layer 0"),
    ...up.flatMap((l) => [
      step("s", l, "Forward", quantity("s", l + 1), `s of layer ${l + 1}`),
      step("x", l, "Forward", quantity("x", l + 1), `x of layer ${l + 1}`),
    ]),
    step("loss", layers, "Forward", html`<mi>E</mi>`, "the error E"),
    ...down.flatMap((l) => [
      step("delta", l, "Backward", quantity("δ", l + 1), `δ of layer ${l + 1}`),
      step("gradient", l, "Backward", gradientOf(l + 1), `gradient of w of layer ${l + 1}`),
    ]),
    ...down.map((l) => step("update", l, "Update", quantity("w", l + 1), `new w of layer ${l + 1}`)),
  ];
}

/** The numbers of a step, and where each is in the answer of /solution. @param {Step} step
 * @param {any[]} layers @param {number[]} x @returns {Entry[]} */
export function entriesOf(step, layers, x) {
  const { kind, l } = step;
  const path = `layers/${l}`;
  if (kind === "inputs") return x.map((_, i) => ({ i, j: null, quantities: [] }));
  if (kind === "loss") return [{ i: 0, j: null, quantities: ["loss"] }];
  const rows = layers[l].weights;
  if (kind === "s" || kind === "x")
    return rows.map((_, i) => ({ i, j: null, quantities: [`${path}/${kind}/${i}`] }));
  if (kind === "delta")
    return rows.map((_, i) => ({
      i, j: null, quantities: ["x_gradient", "slope", "delta"].map((name) => `${path}/${name}/${i}`),
    }));
  const [weights, biases] =
    kind === "gradient" ? ["weights_gradient", "biases_gradient"] : ["updated_weights", "updated_biases"];
  return rows.flatMap((row, i) => [
    ...row.map((_, j) => ({ i, j, quantities: [`${path}/${weights}/${i}/${j}`] })),
    { i, j: -1, quantities: [`${path}/${biases}/${i}`] },
  ]);
}

/** What stands over the worked step. @param {Step} step @param {Entry} entry */
export function titleOf(step, entry) {
  const { kind, l } = step;
  const unit = entry.i + 1;
  const fraction = (below) =>
    html`<math><mfrac displaystyle="false"><mrow><mo>∂</mo><mi>E</mi></mrow><mrow><mo>∂</mo>${below}</mrow></mfrac></math>`;
  const parameter = entry.j === -1 ? quantity("b", l + 1, unit) : quantity("w", l + 1, `${unit}${(entry.j ?? 0) + 1}`);
  if (kind === "loss") return html`The error <i class="v">E</i>`;
  if (kind === "inputs") return html`<math>${quantity("x", 0)}</math>, the input`;
  if (kind === "gradient") return html`${fraction(parameter)} of unit ${unit}`;
  if (kind === "update") return html`<math>${parameter}</math> after the step`;
  return html`<math>${step.symbol}</math> of unit ${unit}`;
}

/** @param {Step} step @param {any[]} layers @param {string} loss */
export function meaningOf(step, layers, loss) {
  const { kind, l } = step;
  const last = l === layers.length - 1;
  const activation = layers[l]?.activation;
  const through = { relu: "which keeps what is positive", tanh: "which makes a number between −1 and 1 of it",
    sigmoid: "which makes a number between 0 and 1 of it", identity: "which leaves it as it is",
    softmax: "which makes shares of all outputs that add up to 1" };
  const sentences = {
    inputs: "Both passes begin with these numbers. Click one to change it.",
    s: "Each number below is multiplied by the weight of its edge; they are added, and the bias with them.",
    x: `The sum goes through σ, ${through[activation] ?? "its activation"}.`,
    loss: loss.includes("squared") ? `How far the outputs are from the targets, squared${loss === "squared" ? " and halved" : loss === "mean_squared" ? ", and averaged over the outputs" : ""}.` : "How little the outputs expected the targets.",
    delta: last ? "How E changes with the sum: the error of the output, times the slope of σ there."
      : `The errors of ${layers[l + 1]?.biases.length === 1 ? "the unit above come" : layers[l + 1]?.biases.length === 2 ? "both units above come" : "all units above come"} back along their edges, are added, and shrink by the slope of σ.`,
    gradient: "The δ of the unit that the edge ends in, times the number at which it begins.",
    update: "The parameter goes a step of η against its gradient.",
  };
  return sentences[kind];
}

/** Which edges a step lights, and which way its arrows go. @param {Step} step @param {Entry} entry
 * @param {any[]} layers */
export function litBy(step, entry, layers) {
  /** @type {Map<string, string>} */
  const lit = new Map();
  const { kind, l } = step;
  if (kind === "s") layers[l].weights[entry.i].forEach((_, j) => lit.set(`${l}/${entry.i}/${j}`, "forward"));
  if (kind === "delta" && l + 1 < layers.length)
    layers[l + 1].weights.forEach((_, k) => lit.set(`${l + 1}/${k}/${entry.i}`, "back"));
  if ((kind === "gradient" || kind === "update") && entry.j !== null && entry.j >= 0) lit.set(`${l}/${entry.i}/${entry.j}`, "plain");
  return lit;
}
