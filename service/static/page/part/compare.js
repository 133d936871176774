/** The error of every grid against its number of points, log-log. */
import { html, useEffect, useState } from "../vendor/preact.js";
import { ask } from "../ask.js";
import { exact, shown } from "../paint/number.js";
import { logarithmic, path } from "../paint/scale.js";
import { sentence } from "./request.js";
import { narrow } from "./screen.js";

const COUNTS = [5, 9, 17, 33, 65];
const DASHES = ["", "7 3", "2 3", "9 3 2 3", "1 4"];

/** @param {{f: string, interval: number[]}} props */
export function Compare({ f, interval }) {
  const [answer, setAnswer] = useState(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      try {
        setAnswer((await ask("POST", "/approximate/compare", { json: { function: f, interval, n: COUNTS }, signal: abort.signal })).data);
        setProblem("");
      } catch (refusal) {
        if (!abort.signal.aborted) setProblem(sentence(refusal));
      }
    }, 250);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [f, ...interval]);
  if (problem) return html`<p class="refused" role="alert">${problem}</p>`;
  if (!answer) return null;
  const rows = answer.experiments.filter((e) => e.max_error > 0);
  const errors = rows.map((e) => e.max_error);
  const [width, height] = narrow.value ? [270, 200] : [600, 240];
  const x = logarithmic(COUNTS[0], (COUNTS.at(-1)), 0, width);
  const y = logarithmic(Math.min(...errors) * 0.8, Math.max(...errors) * 1.25, height, 0);
  const grids = [...new Set(rows.map((e) => e.grid))];
  /** @type {number[]} */
  const taken = [];
  const ends = grids.map((name) => {
    const mine = rows.filter((e) => e.grid === name);
    let place = y.at(mine.at(-1).max_error) + 4;
    while (taken.some((t) => Math.abs(t - place) < 16)) place += 4;
    taken.push(place);
    return { name, mine, place };
  });
  return html`<section class="compare"><h2>Error against number of points</h2><figure class="plot"><svg viewBox=${`-52 -10 ${width + 150} ${height + 46}`} role="img"
      aria-label=${`Largest error of ${grids.join(", ")} for ${COUNTS.join(", ")} points`}>
    ${y.ticks.map((t) => html`<path class="grid" d=${`M0 ${y.at(t)}H${width}`} /><text class="axis" x="-8" y=${y.at(t) + 4} text-anchor="end">${exact(t)}</text>`)}
    ${COUNTS.map((n) => html`<text class="axis" x=${x.at(n)} y=${height + 22} text-anchor="middle">${n}</text>`)}
    ${ends.map(({ name, mine, place }, k) => html`<path class="loss" stroke-dasharray=${DASHES[k % DASHES.length]} d=${path(mine.map((e) => [x.at(e.n), y.at(e.max_error)]))} />
      <text class="lab" x=${width + 8} y=${place}>${name}</text>`)}
  </svg></figure>
  <details><summary class="small quiet">Show as a table</summary><table><thead><tr><th scope="col">grid</th>${COUNTS.map((n) => html`<th scope="col">n = ${n}</th>`)}</tr></thead>
    <tbody>${ends.map(({ name, mine }) => html`<tr key=${name}><td>${name}</td>${COUNTS.map((n) => html`<td>${shown(mine.find((e) => e.n === n)?.max_error, { kind: "significant_digits", n: 3 })}</td>`)}</tr>`)}</tbody></table></details></section>`;
}
