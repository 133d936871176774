/** Formulas: small ones built here, whole ones taken from the service's MathML. */
import { h, html } from "../vendor/preact.js";

/** @param {string | number} n */
const bracketed = (n) => html`<mrow
  ><mo stretchy="false" lspace="0" rspace="0">(</mo><mn>${n}</mn><mo stretchy="false" lspace="0" rspace="0">)</mo></mrow
>`;

/** A quantity of a layer, x⁽ˡ⁾ or, of one unit, x₁⁽ˡ⁾.
 * @param {string} name @param {number} layer @param {string | number} [index] @param {string} [kind] */
export function quantity(name, layer, index, kind) {
  const above = bracketed(layer);
  if (index === undefined) return html`<msup class=${kind}><mi>${name}</mi>${above}</msup>`;
  const below = /^\d/.test(String(index)) ? html`<mn>${index}</mn>` : html`<mi>${index}</mi>`;
  return html`<msubsup class=${kind}><mi>${name}</mi>${below}${above}</msubsup>`;
}

/** ∂w⁽ˡ⁾ as the ribbon writes it. @param {number} layer */
export const gradientOf = (layer) =>
  html`<mrow><mo lspace="0" rspace="0">∂</mo>${quantity("w", layer)}</mrow>`;

/** @param {any} body @param {boolean} [block] */
export const math = (body, block) => html`<math display=${block ? "block" : undefined}>${body}</math>`;

const ELEMENTS = new Set(
  ("math mrow mi mn mo mtext mspace msup msub msubsup mfrac msqrt mover munder munderover mtable mtr mtd " +
    "mpadded mstyle mphantom").split(" "),
);
const ATTRIBUTES = new Set(
  "largeop movablelimits stretchy form lspace rspace displaystyle mathvariant width linebreak display fence separator accent".split(" "),
);
const CLASSES = new Set(["lines", "matrix", "numbers", "formulas", "tall", "answer"]);

/** The service's MathML as nodes of ours: nothing passes but formulas. @param {string} text */
export function adopt(text) {
  const source = text.trim().startsWith("<math") ? text : `<math>${text}</math>`;
  const parsed = new DOMParser().parseFromString(
    source.replace("<math", '<math xmlns="http://www.w3.org/1998/Math/MathML"'),
    "application/xml",
  );
  if (parsed.querySelector("parsererror")) return html`<mtext>…</mtext>`;
  return Array.from(parsed.documentElement.childNodes, node);
}

/** @param {any} source @returns {any} */
function node(source) {
  if (source.nodeType === Node.TEXT_NODE) return source.textContent;
  const element = source;
  if (!ELEMENTS.has(element.localName)) return null;
  /** @type {Record<string, string>} */
  const props = {};
  for (const { name, value } of element.attributes ?? []) if (ATTRIBUTES.has(name)) props[name] = value;
  const classes = [...(element.classList ?? [])].filter((name) => CLASSES.has(name));
  if (classes.length) props.class = classes.join(" ");
  return h(element.localName, props, Array.from(element.childNodes, node));
}

/** "x₁ is −0.1": a sentence of the page with quantities in italics, as {x} marks them.
 * @param {string} sentence */
export const prose = (sentence) =>
  sentence.split(/\{(.+?)\}/).map((part, k) => {
    if (k % 2 === 0) return part;
    const [, name, above] = /^(.+?)(?:\^(.+))?$/.exec(part) ?? [];
    return html`<i class="v">${name}${above && html`<sup>(${above})</sup>`}</i>`;
  });
