// Keeps a page as it is on the server: asks for it again when the server says that something changed, and now and then
// for what changes by itself, and puts what is new into the place of what is there.

const calm = 1000;
const often = 15000;
const slowest = 60000;

const part = document.querySelector("#live");
const state = document.querySelector("#live-state");
let feed = null;
let timer = 0;
let pause = calm;
let asked = 0;
let busy = false;
let stale = false;
// When the server may be asked again at the earliest.
let due = 0;
let held = false;

// Nothing is taken away from under a finger, out of a selection, or from somebody who is typing.
function isInUse() {
  const focus = document.activeElement;
  const selection = getSelection();
  return held || (part.contains(focus) && focus.matches("input, select, textarea"))
    || (!selection.isCollapsed && part.contains(selection.anchorNode));
}

const stops = () => [...part.querySelectorAll("a, button, [tabindex]")];

// The keyboard stays where it was, as long as the same is there.
function replace(next) {
  const focus = document.activeElement;
  const place = part.contains(focus) ? stops().indexOf(focus) : -1;
  part.replaceChildren(...document.adoptNode(next).childNodes);
  const after = stops()[place];
  if (after && after.textContent === focus.textContent) after.focus({ preventScroll: true });
}

async function refresh() {
  const answer = await fetch(location.href, { credentials: "same-origin", signal: AbortSignal.timeout(slowest) });
  if (answer.redirected) return location.assign(answer.url);
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = page.querySelector("#live");
  if (!next) throw new Error("the page has changed");
  if (!isInUse() && next.innerHTML !== part.innerHTML) replace(next);
}

async function step() {
  if (busy) return;
  busy = true;
  stale = false;
  asked = performance.now();
  try {
    await refresh();
    pause = calm;
    state.textContent = "";
  } catch {
    pause = Math.min(pause * 2, slowest);
    state.textContent = `The server is not reached; the next try is in ${Math.round(pause / 1000)} s.`;
  }
  busy = false;
  // A server that is slow to answer is not asked more often than it can.
  const took = performance.now() - asked;
  due = performance.now() + Math.max(pause, took * 10);
  plan(pause > calm || stale ? 0 : Math.max(often, took * 10));
}

function plan(delay) {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(step, Math.max(delay, due - performance.now()));
}

function changed() {
  stale = true;
  if (!busy) plan(0);
}

// What was missed while nobody listened is made up for by asking when the stream opens. A browser comes back by itself
// to a stream that broke off, and to none that was refused.
function listen() {
  feed?.close();
  feed = null;
  if (document.hidden) return;
  feed = new EventSource("/v1/changes");
  feed.addEventListener("open", changed);
  feed.addEventListener("changed", changed);
}

document.addEventListener("visibilitychange", () => {
  listen();
  plan(0);
});
document.addEventListener("pointerdown", () => { held = true; });
for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => { held = false; });
setInterval(() => { if (feed?.readyState === EventSource.CLOSED) listen(); }, often);
listen();
plan(often);
