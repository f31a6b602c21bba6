// Asks the server.

export class Refusal extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

// Throws a Refusal with the server's own words. Who is not signed in any more goes to the form, and comes back.
export async function ask(path, options = {}) {
  const response = await fetch(path, { credentials: "same-origin", ...options });
  if (response.status === 401) {
    location.assign("/sign-in?next=" + encodeURIComponent(location.pathname + location.search));
    return new Promise(() => {});
  }
  const body = await response.json();
  if (!response.ok) throw new Refusal(response.status, body.detail ?? "the server refused");
  return body;
}

const csrf = () => document.querySelector("meta[name=csrf]")?.content ?? "";

// What changes something, as the site's own pages may.
export const send = (method, path, body, options = {}) => ask(path, {
  method, headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf() }, body: JSON.stringify(body), ...options,
});

const known = new Map();
const knownMax = 500;

// A track by its id; those that were asked for lately are remembered.
export function track(id) {
  const before = known.get(id);
  if (before) return before;
  if (known.size >= knownMax) known.delete(known.keys().next().value);
  const asked = ask(`/v1/tracks/${id}`);
  known.set(id, asked);
  asked.catch(() => known.delete(id));
  return asked;
}

export const similar = (id, limit) => ask(`/v1/tracks/${id}/similar?limit=${limit}`);

export const search = (text, limit, signal) =>
  ask(`/v1/search?limit=${limit}&q=${encodeURIComponent(text)}`, { signal });
