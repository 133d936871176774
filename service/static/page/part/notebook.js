/** A Jupyter notebook (nbformat 4.5) that asks the service what the view asked. */
import { python } from "../as_code.js";
import { origin } from "../ask.js";

/** @param {string} text */
const lines = (text) => text.split("\n").map((line, k, all) => (k < all.length - 1 ? `${line}\n` : line));

/** @param {import("../ask.js").Sent} sent */
export function notebookOf(sent) {
  const title = `# ${sent.method} ${sent.path.split("?")[0]}\n\nThe request behind a view of the page at ${origin}/; it needs nothing but Python.`;
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "python3", display_name: "Python 3", language: "python" }, language_info: { name: "python" } },
    cells: [
      { id: "title", cell_type: "markdown", metadata: {}, source: lines(title) },
      { id: "request", cell_type: "code", metadata: {}, execution_count: null, outputs: [], source: lines(python(sent)) },
    ],
  };
}
