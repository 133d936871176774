/** What a view leaves out. */
import { html } from "../vendor/preact.js";

const SIMPLIFIED = {
  "by-hand": [
    "The drawing shows one sample; of a batch E and the gradients are means, which stand beside a trace.",
    "Numbers are rounded when they are shown; the service computes with 16 digits.",
    "The slope of ReLU at 0 is taken as 0.",
    "The thickness of an edge says how large its weight is, up to 1.2.",
  ],
  train: [
    "Colours are painted here from the parameters; every numeral is the service's.",
    "Between two recomputed iterations the picture shows the earlier one.",
    "“Right” means on the right side of ½, or the likeliest class; it says nothing of new points.",
    "At most 16 units of a layer are drawn.",
  ],
  approximate: [
    "f is drawn through 401 of its points; the bound is proved between them as well.",
    "The error is drawn at those points, so a sharp peak may look cut off.",
    "Outside the interval the network goes on as a sum of ReLUs, and is not drawn.",
  ],
  models: [
    "A histogram of 20 bins hides what is within a bin.",
    "Rows are split by chance, once, by the seed; another seed gives other figures.",
    "A probability is what the last layer says; whether it is calibrated is not measured.",
  ],
};

/** @param {{view: keyof typeof SIMPLIFIED}} props */
export const Simplified = ({ view }) => html`<details class="requestbox"><summary>What this view simplifies</summary>
  <ul class="simplified">${SIMPLIFIED[view].map((sentence) => html`<li key=${sentence}>${sentence}</li>`)}</ul></details>`;
