/** Numbers as text and text as numbers. The page rounds what the service computed, nothing else. */

/** @typedef {{kind: string, n: number}} Rounding `kind` is significant_digits or decimals */

const EXACT_DIGITS = 12; // beyond them a double differs from its decimal by rounding alone
const LARGEST = 1e300;

/** "-1.5e-7" as it is written: a minus sign and a power of ten. @param {string} text */
export function typeset(text) {
  const [mantissa, exponent] = text.split("e");
  const power = exponent === undefined ? "" : `e${exponent.replace("+", "")}`;
  return (mantissa + power).replaceAll("-", "−");
}

/** A decimal that ends sooner than the rounding is written whole: −0.1, not −0.1000. Whether a number
 * that was rounded already is one, only the service can say.
 * @param {number | null | undefined} value @param {Rounding} rounding @param {boolean} [isExact] */
export function shown(value, rounding, isExact) {
  if (value === null || value === undefined) return "";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : value < 0 ? "−∞" : "not a number";
  const rounded =
    rounding.kind === "decimals" ? value.toFixed(rounding.n) : significant(value, rounding.n);
  const whole = String(Number(value.toPrecision(EXACT_DIGITS)));
  return typeset(isExact !== false && whole.length < rounded.length ? whole : rounded);
}

/** @param {number} value @param {number} digits */
function significant(value, digits) {
  const text = value.toPrecision(digits);
  const plain = text.includes("e+") ? value.toFixed(0) : text;
  return Math.abs(value) < 1e16 ? plain : text;
}

/** Every digit, as it is copied and sent. @param {number} value */
export const exact = (value) => typeset(String(value));

/** What was typed: a decimal comma and a minus sign are understood.
 * @param {string} text @returns {{value?: number, error?: string}} one of both */
export function parse(text) {
  const plain = text.trim().replaceAll("−", "-").replace(/\s/g, "");
  const point = plain.includes(".") ? plain : plain.replace(",", ".");
  if (point === "") return { error: "type a number" };
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(point))
    return { error: `“${text.trim().slice(0, 20)}” is not a number` };
  const value = Number(point);
  if (Math.abs(value) > LARGEST) return { error: `${typeset(point)} is larger than 10³⁰⁰` };
  return { value };
}

/** A count with a thin space for thousands. @param {number} count */
export const counted = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, " ");

/** Milliseconds as the foot of a view says them. @param {number} ms */
export const duration = (ms) =>
  ms < 10 ? `${ms.toFixed(1)} ms` : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;

/** Where a straight line between numbers becomes a list: "1, 2 and 3". @param {string[]} words */
export const listed = (words) =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

const WORDS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"];
/** @param {number} count */
export const counting = (count) => WORDS[count] ?? counted(count);
