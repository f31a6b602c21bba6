// The player at the foot of the library's pages. Without it, links lead to the files themselves.

import "./visit.js";
import { Deck } from "./deck.js";
import { account, PlayReport, Queue } from "./queue.js";

// Milliseconds.
const saveEvery = 10000;
const nextIsFetched = 20000;
const again = 3000;
const farewell = 2000;

const element = (id) => document.getElementById(id);
const deck = new Deck([element("audio"), element("audio-next")]);
const queue = new Queue();
const report = new PlayReport();
const links = () => [...document.querySelectorAll("a[data-play]")];
const playing = `playing ${account()}`;
const wasPlaying = sessionStorage.getItem(playing) === "true";
// Of this browser: one of them plays.
const tabs = new BroadcastChannel("sillon player");
let savedAt = 0;
let reported = null;
let isOn = false;

// How it looks

const clock = (ms) => {
  const seconds = Math.round(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, place) => place ? String(part).padStart(2, "0") : part).join(":");
};

function tell(text) {
  element("trouble").textContent = text;
  element("trouble").hidden = !text;
}

// What plays now, by name; asked for again only when it is another.
let shown = null;
async function name() {
  const track = deck.track;
  element("player").hidden = !track;
  if (!track) return;
  element("now").textContent = track.title;
  element("now").href = track.page;
  element("art").hidden = !track.cover;
  if (track.cover) element("art").src = `${track.cover}?size=96`;
  const next = queue.next;
  const key = `${track.id} ${next}`;
  if (shown === key) return;
  shown = key;
  element("after").textContent = "";
  if (next) {
    const details = await queue.details(next).catch(() => null);
    if (shown === key && details) element("after").textContent = `Next: ${details.title}`;
  }
}

function look() {
  const { position, duration, isPlaying } = deck;
  element("toggle").setAttribute("aria-label", isPlaying ? "Pause" : "Play");
  element("toggle").classList.toggle("playing", isPlaying);
  element("previous").disabled = queue.place <= 0;
  element("skip").disabled = !queue.next;
  const seek = element("seek");
  seek.max = Math.max(1, Math.round(duration));
  seek.disabled = !duration;
  if (!seek.matches(":active")) seek.value = Math.round(position);
  seek.setAttribute("aria-valuetext", `${clock(position)} of ${clock(duration)}`);
  element("time").textContent = `${clock(position)} / ${clock(duration)}`;
  mark();
}

// Links of what plays become its pause.
function mark() {
  const playing = deck.isPlaying ? deck.track?.id : null;
  for (const link of links()) {
    const isPlaying = link.dataset.play === playing;
    if (link.classList.toggle("playing", isPlaying) === isPlaying && link.dataset.told === String(isPlaying)) continue;
    link.dataset.told = isPlaying;
    link.querySelector(".unseen").textContent = `${isPlaying ? "Pause" : "Play"} ${link.dataset.title}`;
  }
}

// What plays

async function put(place, { position = 0, plays = true } = {}) {
  if (!queue.ids[place]) return;
  queue.go(place);
  const id = queue.current;
  let track;
  try {
    track = await queue.details(id);
  } catch (error) {
    if (id === queue.current) tell(`A track cannot be played: ${error.message}.`);
    return;
  }
  if (id !== queue.current) return;
  tell("");
  report.end();
  reported = null;
  deck.put(track, position, plays);
  name();
  control(track);
  if (plays) save();
  queue.goOn().then(() => { name(); look(); }).catch(() => {});
}

// Nothing is told of a queue that another player put there while this track plays to its end.
function save(options) {
  savedAt = performance.now();
  if (queue.current !== deck.track?.id) return Promise.resolve();
  return queue.save(deck.position, options).catch(() => {});
}

queue.whenReplaced = (client) => {
  tell(`${client || "Another player"} put another queue on. It is played from here when this track ends.`);
  name();
};

function seek(position) {
  deck.seek(position);
  save();
}

// A page may name a track twice: it is heard once.
const pageTracks = () => [...new Set(links().map((link) => link.dataset.play))];

function playPage(link) {
  tell("");
  // The queue's own page names its places.
  if (link?.dataset.place && queue.ids[link.dataset.place] === link.dataset.play) return put(Number(link.dataset.place));
  const ids = pageTracks();
  queue.set(ids, link ? ids.indexOf(link.dataset.play) : 0);
  put(queue.place);
}

function press(link) {
  if (deck.track?.id !== link.dataset.play || deck.audio.error) return playPage(link);
  if (deck.isPlaying) deck.pause(); else deck.play();
}

async function playRadio(button) {
  try {
    await queue.begin(...button.dataset.radio.split(":"));
    tell("");
    put(0);
  } catch (error) {
    element("player").hidden = false;
    tell(`The radio does not play: ${error.message}.`);
  }
}

// Another player of this account may have gone on meanwhile.
async function follow(plays) {
  if (deck.isPlaying) return;
  const position = await queue.restore().catch(() => null);
  if (position === null) return;
  if (queue.place < 0) return deck.clear();
  put(queue.place, { position, plays });
}

// What happens

deck.addEventListener("change", () => {
  const { position, duration, isPlaying } = deck;
  report.hear(position, isPlaying);
  if (isPlaying && reported !== deck.track.id) {
    reported = deck.track.id;
    report.begin(reported);
  }
  sessionStorage.setItem(playing, isPlaying);
  if (isPlaying && !isOn) tabs.postMessage("begins");
  // A player that is silent leaves the queue to those that are not.
  if (isPlaying ? performance.now() - savedAt > saveEvery : isOn) save();
  isOn = isPlaying;
  if (isPlaying && duration && duration - position < nextIsFetched && queue.next) {
    queue.details(queue.next).then((track) => track.id === queue.next && deck.prepare(track)).catch(() => {});
  }
  place();
  look();
});
deck.addEventListener("ended", () => {
  // What was heard was taken out of the queue meanwhile: what moved up is next.
  if (queue.current && queue.current !== deck.track.id) return put(queue.place);
  if (queue.next) return put(queue.place + 1);
  report.end();
  look();
});
deck.addEventListener("trouble", async () => {
  const track = deck.track;
  const reason = await deck.reason();
  if (deck.track !== track) return;
  const { text, wait } = trouble(track, reason);
  tell(text);
  setTimeout(() => {
    if (deck.track !== track || !deck.wants) return;
    if (wait) deck.retry();
    else if (queue.next) put(queue.place + 1);
  }, wait ?? again);
});

// What is told, and after how many milliseconds the same is tried again: no other track would fare better then.
function trouble(track, { status, detail, seconds }) {
  const what = `“${track.title}” (${track.codec})`;
  const wait = seconds ? seconds * 1000 : again;
  if (!status) return { text: `${what} does not come: the server cannot be reached. It is tried again.`, wait };
  if (status === 429 || status === 503) {
    return { text: `${what} has to wait: ${detail || "the server has too much to do"}. It is tried again.`, wait };
  }
  if (status === 404 || status === 410) return { text: `${what} is not there any more: ${detail || "its file is gone"}.` };
  if (status >= 400) return { text: `${what} cannot be played: ${detail || `the server answered ${status}`}.` };
  return { text: `${what} cannot be played by this browser.` };
}

// Links and buttons of whatever page is shown.
document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest("a[data-play], #play-all, #radio");
  if (!link) return;
  event.preventDefault();
  if (link.dataset.radio) playRadio(link);
  else if (link.dataset.play) press(link);
  else playPage(null);
}, true);

element("toggle").addEventListener("click", () => deck.isPlaying ? deck.pause() : deck.play());
element("previous").addEventListener("click", () => put(queue.place - 1));
element("skip").addEventListener("click", () => put(queue.place + 1));
element("seek").addEventListener("change", (event) => seek(Number(event.target.value)));
element("volume").addEventListener("input", (event) => {
  deck.volume = Number(event.target.value);
  localStorage.setItem("volume", deck.volume);
});

// Media keys, headphones, the lock screen.
const media = navigator.mediaSession;
function control(track) {
  if (!media) return;
  const artwork = track.cover ? [{ src: `${track.cover}?size=512`, sizes: "512x512" }] : [];
  media.metadata = new MediaMetadata({ title: track.name, artist: track.artist, album: track.album, artwork });
}
function place() {
  if (!media?.setPositionState || !deck.duration) return;
  media.playbackState = deck.isPlaying ? "playing" : "paused";
  media.setPositionState({
    duration: deck.duration / 1000, position: Math.min(deck.position, deck.duration) / 1000, playbackRate: 1,
  });
}
const acts = {
  play: () => deck.play(), pause: () => deck.pause(), previoustrack: () => put(queue.place - 1),
  nexttrack: () => put(queue.place + 1), seekto: ({ seekTime }) => seek(seekTime * 1000),
  seekbackward: ({ seekOffset = 10 }) => seek(deck.position - seekOffset * 1000),
  seekforward: ({ seekOffset = 10 }) => seek(deck.position + seekOffset * 1000),
};
for (const [name, act] of Object.entries(acts)) {
  // Browsers know some of them each.
  try { media?.setActionHandler(name, act); } catch { /* there are buttons */ }
}

// How a page begins, and how it ends

function greet() {
  const radio = element("radio");
  if (radio) radio.hidden = false;
  mark();
}

document.addEventListener("visited", () => {
  greet();
  // A form of the page may have changed the queue.
  if (queue.place >= 0) queue.restore({ isOurs: true }).catch(() => {}).then(name);
});
document.addEventListener("visibilitychange", () => { if (!document.hidden) follow(false); });
// Another tab plays now: it has the queue, too.
tabs.addEventListener("message", () => {
  if (!deck.wants && !deck.isPlaying) return;
  isOn = false;
  deck.pause();
});
// Who signs out takes the play along: afterwards nobody may tell of it, and who comes next hears nothing of it.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (new URL(form.action, location.href).pathname !== "/sign-out") return;
  event.preventDefault();
  deck.pause();
  const told = Promise.all([save(), report.forget()]);
  await Promise.race([told, new Promise((done) => setTimeout(done, farewell))]);
  sessionStorage.removeItem(playing);
  form.submit();
}, true);
addEventListener("pagehide", () => {
  if (deck.isPlaying) save({ keepalive: true });
  report.leave();
});
deck.clear();
deck.audio.removeAttribute("controls");
for (const part of document.querySelectorAll("#player [data-script]")) part.hidden = false;
const volume = Number(localStorage.getItem("volume") ?? 1);
deck.volume = volume >= 0 && volume <= 1 ? volume : 1;
element("volume").value = deck.volume;
greet();
follow(wasPlaying);
