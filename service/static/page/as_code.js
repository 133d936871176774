/** A request as it was sent, written in three languages; the key is a variable, never its value. */
import { hasKey, origin } from "./ask.js";

/** @typedef {import("./ask.js").Sent} Sent */

const WIDTH = 46;

/** JSON with short rows on one line. @param {any} value @param {string} [indent] @returns {string} */
export function compact(value, indent = "") {
  const line = spaced(value);
  if (line.length + indent.length <= WIDTH || value === null || typeof value !== "object") return line;
  const deeper = `${indent} `;
  if (Array.isArray(value)) return `[${value.map((v) => compact(v, deeper)).join(`,\n${deeper}`)}]`;
  const fields = Object.entries(value).map(([k, v]) => `${JSON.stringify(k)}: ${compact(v, deeper)}`);
  return `{${fields.join(`,\n${deeper}`)}}`;
}

/** @param {any} value @returns {string} */
function spaced(value) {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.entries(value).map(([k, v]) => `${JSON.stringify(k)}: ${spaced(v)}`).join(", ")}}`;
}

/** @param {Sent} sent */
const isJson = (sent) => sent.headers["Content-Type"] === "application/json";

/** @param {string} text */
const shellQuoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** How a body that is a file is called. @param {Sent} sent */
const fileOf = (sent) => (typeof sent.body === "string" ? null : (sent.body?.name ?? "file"));

/** @param {Sent} sent */
function body(sent) {
  const text = sent.body;
  return isJson(sent) ? compact(JSON.parse(text)) : text;
}

/** @param {Sent} sent */
export function curl(sent) {
  const lines = [`curl -s ${shellAddress(origin + sent.path)}`];
  if (sent.method !== (sent.body ? "POST" : "GET")) lines.push(`-X ${sent.method}`);
  for (const [name, value] of Object.entries(sent.headers)) lines.push(`-H ${shellQuoted(`${name}: ${value}`)}`);
  if (hasKey()) lines.push(`-H "Authorization: Bearer $CHAINRULE_KEY"`);
  if (sent.body) lines.push(`${isJson(sent) ? "-d" : "--data-binary"} ${shellQuoted(fileOf(sent) ? `@${fileOf(sent)}` : body(sent))}`);
  return lines.join(" \\\n ");
}

/** @param {string} address */
const shellAddress = (address) => (/^[\w:/.%-]+$/.test(address) ? address : shellQuoted(address));

/** A JSON value as a Python literal; strings are left alone. @param {string} json */
const pythonLiteral = (json) =>
  json.replace(/"(?:[^"\\]|\\.)*"|\b(?:true|false|null)\b/g, (token) =>
    ({ true: "True", false: "False", null: "None" })[token] ?? token,
  );

/** @param {Sent} sent */
export function python(sent) {
  const headers = Object.entries(sent.headers).map(([k, v]) => `    ${JSON.stringify(k)}: ${JSON.stringify(v)},`);
  if (hasKey()) headers.push(`    "Authorization": "Bearer " + os.environ["CHAINRULE_KEY"],`);
  const lines = [`import ${hasKey() ? "json, os" : "json"}, urllib.request`, ""];
  const file = sent.body && fileOf(sent);
  if (file) lines.push(`data = open(${JSON.stringify(file)}, "rb").read()`);
  else if (sent.body) lines.push(`data = ${isJson(sent) ? pythonLiteral(body(sent)) : JSON.stringify(body(sent))}`);
  lines.push("request = urllib.request.Request(", `  ${JSON.stringify(origin + sent.path)},`);
  lines.push(`  method="${sent.method}",`);
  if (sent.body) lines.push(`  data=${file ? "data" : `${isJson(sent) ? "json.dumps(data)" : "data"}.encode()`},`);
  if (headers.length) lines.push("  headers={", ...headers, "  },");
  lines.push(")", "with urllib.request.urlopen(request) as answer:");
  const isText = sent.headers.Accept !== undefined;
  lines.push(isText ? "    print(answer.read().decode())" : "    print(json.load(answer))");
  return lines.join("\n");
}

/** @param {Sent} sent */
export function javascript(sent) {
  const headers = { ...sent.headers };
  const fields = [`  method: "${sent.method}",`];
  if (hasKey()) headers.Authorization = "Bearer …";
  if (Object.keys(headers).length) fields.push(`  headers: ${compact(headers, "  ")},`);
  if (sent.body) fields.push(isJson(sent) ? `  body: JSON.stringify(${body(sent)}),` : `  body: ${fileOf(sent) ? "file" : JSON.stringify(body(sent))},`);
  const read = sent.headers.Accept === undefined ? "json" : "text";
  return [`const answer = await fetch(`, `  ${JSON.stringify(origin + sent.path)}, {`, ...fields.map((f) => f), "});", `console.log(await answer.${read}());`].join("\n");
}

export const LANGUAGES = { curl, Python: python, JavaScript: javascript };
