/** A document of the service, taken through a list of what may be in one. */

const ALLOWED = new Set(
  ("main section h1 h2 h3 p div span em strong figure figcaption table thead tbody tr th td ol ul li hr code pre a br sub sup " +
    "svg g rect line text tspan title path circle " +
    "math mrow mi mn mo mtext mspace msup msub msubsup mfrac msqrt mover munder munderover mtable mtr mtd").split(" "),
);
const ATTRIBUTES = new Set(
  ("largeop movablelimits class x y x1 y1 x2 y2 dx dy cx cy r rx ry d width height viewBox transform role stretchy form lspace rspace displaystyle mathvariant " +
    "display separator accent colspan rowspan scope").split(" "),
);

/** @param {string} text the page as the service wrote it @returns {Node} */
export function sheetOf(text) {
  // A style sheet within would offend the page's policy even where it is only parsed.
  const parsed = new DOMParser().parseFromString(text.replace(/<style>[^]*?<\/style>| style="[^"]*"/g, ""), "text/html");
  const main = parsed.querySelector("main");
  const sheet = document.createElement("div");
  sheet.className = "paper";
  if (main) for (const child of main.childNodes) sheet.append(...copy(child));
  return sheet;
}

/** @param {any} node @returns {Node[]} */
function copy(node) {
  if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.textContent ?? "")];
  if (node.nodeType !== Node.ELEMENT_NODE) return [];
  const element = node;
  if (!ALLOWED.has(element.localName)) return [];
  const made = document.createElementNS(element.namespaceURI, element.localName);
  for (const { name, value } of element.attributes) if (ATTRIBUTES.has(name)) made.setAttribute(name, value);
  for (const child of element.childNodes) made.append(...copy(child));
  return [made];
}
