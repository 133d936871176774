/** Requests to the service: problems, keys, latest-wins, event streams, and how long it took. */
import { signal } from "./vendor/preact.js";

/** @typedef {{method: string, path: string, headers: Record<string, string>, body?: any}} Sent
 * @typedef {{data: any, response: Response, ms: number, sent: Sent}} Answer */

const KEY = "chainrule-key";
const BASE = new URL(".", document.baseURI).pathname.replace(/\/$/, "");

export const origin = location.origin + BASE;
/** Shown in the foot: whether the service can be reached, and whether it wants a key. */
export const connected = signal(true);
export const keyWanted = signal(false);
export const pending = signal(0);
/** What `GET /about` says; null while unknown, {} where the service does not answer it. */
export const about = signal(null);

/** What the service refuses, as its problem document says it (RFC 9457). */
export class Problem extends Error {
  /** @param {any} body @param {number} retryAfter */
  constructor(body, retryAfter = 0) {
    super(body.detail ?? body.title ?? "the service gave no reason");
    this.status = body.status ?? 0;
    this.title = body.title ?? "";
    /** @type {{pointer: string, detail: string}[]} */
    this.errors = body.errors ?? [];
    this.retryAfter = retryAfter;
  }
}

/** @param {string} key */
export function useKey(key) {
  if (key) sessionStorage.setItem(KEY, key);
  else sessionStorage.removeItem(KEY);
  keyWanted.value = false;
}

export const hasKey = () => Boolean(sessionStorage.getItem(KEY));

function authorization() {
  const key = sessionStorage.getItem(KEY);
  return key ? { Authorization: `Bearer ${key}` } : {};
}

/** @param {string} path @param {Sent} sent @param {AbortSignal} [abort] */
async function reach(path, sent, abort) {
  try {
    const { method, headers, body } = sent;
    const response = await fetch(BASE + path, {
      method, body, signal: abort, headers: { ...headers, ...authorization() },
    });
    connected.value = response.status !== 502;
    if (!connected.value) throw new Problem({ status: 0, detail: "the service cannot be reached" });
    return response;
  } catch (error) {
    if (error instanceof Problem || abort?.aborted) throw error;
    connected.value = false;
    throw new Problem({ status: 0, detail: "the service cannot be reached" });
  }
}

/** One request. Raises `Problem`.
 * @param {string} method @param {string} path
 * @param {{json?: any, body?: any, type?: string, accept?: string, signal?: AbortSignal, binary?: boolean,
 *   headers?: Record<string, string>}} [options] @returns {Promise<Answer>} */
export async function ask(method, path, options = {}) {
  const { json, type: sends = "application/json", accept = "application/json", signal: abort } = options;
  const body = json === undefined ? options.body : JSON.stringify(json);
  /** @type {Record<string, string>} */
  const headers = { ...options.headers };
  if (accept !== "application/json") headers.Accept = accept;
  if (body !== undefined) headers["Content-Type"] = sends;
  const sent = { method, path, headers, body };
  const started = performance.now();
  pending.value++;
  try {
    const response = await reach(path, sent, abort);
    if (!response.ok) throw await problemOf(response);
    const type = response.headers.get("content-type") ?? "";
    const data = options.binary ? await response.blob() : type.includes("json") ? await response.json() : await response.text();
    return { data, response, sent, ms: performance.now() - started };
  } finally {
    pending.value--;
  }
}

/** @param {Response} response */
async function problemOf(response) {
  if (response.status === 401) keyWanted.value = true;
  const seconds = Number(response.headers.get("retry-after") ?? 0);
  try {
    return new Problem(await response.json(), seconds);
  } catch {
    return new Problem({ status: response.status, detail: `the service answered ${response.status}` });
  }
}

/** Run at most one at a time; of those that wait only the newest. */
export function latest() {
  let running = false;
  /** @type {(() => Promise<void>) | null} */
  let waiting = null;
  return async function run(task) {
    if (running) {
      waiting = task;
      return;
    }
    running = true;
    try {
      await task();
    } finally {
      running = false;
      const next = waiting;
      waiting = null;
      if (next) run(next);
    }
  };
}

const ENDED = ["succeeded", "failed", "cancelled"];

/** Follow a job's events; after a cut go on with `Last-Event-ID`. Ends with the job. Of a job that has ended there is
 * only its end: its events would begin with its acceptance, and the view would go back in time.
 * @param {any} job @param {(job: any, event: string) => void} receive @param {AbortSignal} abort */
export async function follow(job, receive, abort) {
  if (ENDED.includes(job.state)) return receive(job, "end");
  let last = "0";
  let pause = 500;
  while (!abort.aborted) {
    try {
      const sent = { method: "GET", path: "", headers: { "Last-Event-ID": last } };
      const response = await reach(`/train/${job.id}/events`, sent, abort);
      if (!response.ok) throw await problemOf(response);
      for await (const event of events(response)) {
        last = event.id || last;
        pause = 500;
        if (event.data) receive(JSON.parse(event.data), event.event);
        if (event.event === "end") return;
      }
    } catch (error) {
      if (abort.aborted) return;
      if (error instanceof Problem && error.status >= 400 && error.status < 500) throw error;
    }
    await new Promise((done) => setTimeout(done, pause));
    pause = Math.min(pause * 2, 8000);
  }
}

/** Server-sent events out of a stream, so that a request may carry a key. @param {Response} response */
async function* events(response) {
  const stream = response.body.pipeThrough(new TextDecoderStream());
  const reader = stream.getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value.replaceAll("\r\n", "\n");
    const whole = text.split("\n\n");
    text = (whole.pop());
    for (const block of whole) {
      const fields = block.split("\n").filter((line) => !line.startsWith(":"));
      /** @type {Record<string, string>} */
      const event = { event: "", id: "", data: "" };
      for (const line of fields) {
        const [, name, said] = /^(\w+): ?(.*)$/.exec(line) ?? [];
        if (name) event[name] = event[name] && name === "data" ? `${event[name]}\n${said}` : said;
      }
      if (fields.length) yield event;
    }
  }
}

/** Ask once what the service can do; the views say a sentence where it cannot. */
export async function learn() {
  try {
    about.value = (await ask("GET", "/about")).data;
  } catch {
    about.value = {};
  }
}

/** Save an answer as a file. @param {string} name @param {string | Blob} text @param {string} type */
export function download(name, text, type = "text/plain") {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
