// Plays the tracks of a page, one after the other. Without it, links lead to the files themselves.

import { ask } from "./server.js";

const radioLength = 20;

const element = (id) => document.getElementById(id);
const audio = element("audio");
const csrf = document.querySelector("meta[name=csrf]")?.content ?? "";

// What is played in its order: the page's own tracks, or a radio, which goes on for ever.
const queue = { tracks: [], place: -1, radio: null };

const ofLink = (link) => {
  const { play, title, codec, page } = link.dataset;
  return { id: play, title, codec, page };
};
const links = () => [...document.querySelectorAll("a[data-play]")];

// A page may name a track twice: it is heard once.
function pageTracks() {
  const seen = new Set();
  return links().map(ofLink).filter((track) => !seen.has(track.id) && seen.add(track.id));
}

const current = () => queue.tracks[queue.place];

function tell(text) {
  element("trouble").textContent = text;
  element("trouble").hidden = !text;
}

function show() {
  const track = current();
  const next = queue.tracks[queue.place + 1];
  element("player").hidden = false;
  element("now").textContent = track.title;
  element("now").href = track.page;
  element("after").textContent = next ? `Next: ${next.title}` : "";
  element("previous").hidden = element("skip").hidden = false;
  element("previous").disabled = queue.place === 0;
  element("skip").disabled = !next;
  audio.setAttribute("aria-label", track.title);
  if ("mediaSession" in navigator) navigator.mediaSession.metadata = new MediaMetadata({ title: track.title });
}

// Links of what plays become its pause.
function mark() {
  const playing = audio.paused ? null : current()?.id;
  for (const link of links()) {
    const isPlaying = link.dataset.play === playing;
    link.classList.toggle("playing", isPlaying);
    link.querySelector(".unseen").textContent = `${isPlaying ? "Pause" : "Play"} ${link.dataset.title}`;
  }
}

function playAt(place) {
  if (!queue.tracks[place]) return;
  queue.place = place;
  audio.src = `/v1/tracks/${current().id}/stream`;
  show();
  // Refused where a browser wants a gesture first: the controls are there.
  audio.play().catch(() => {});
  if (queue.radio && place + 1 >= queue.tracks.length) goOn();
}

function playPage(id) {
  queue.tracks = pageTracks();
  queue.radio = null;
  tell("");
  playAt(Math.max(0, queue.tracks.findIndex((track) => track.id === id)));
}

function toggle(id) {
  if (current()?.id !== id || audio.error) return playPage(id);
  if (audio.paused) audio.play().catch(() => {});
  else audio.pause();
}

// Radio

// Characters that move a cursor or turn the direction of writing, as the server's own pages show them.
const visible = text => text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
  character => `\\u{${character.codePointAt(0).toString(16)}}`);

const ofAnswer = ({ track }) => ({
  id: String(track.id), codec: track.codec,
  title: visible(track.artist ? `${track.title} – ${track.artist}` : track.title),
  page: `/library/tracks/${track.id}`,
});

async function stretch(radio) {
  const body = { seeds: [radio.seed], limit: radioLength, ...(radio.cursor && { cursor: radio.cursor }) };
  const answer = await ask("/v1/radio", {
    method: "POST", headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf }, body: JSON.stringify(body),
  });
  radio.cursor = answer.next_cursor;
  return answer.items.map(ofAnswer);
}

async function goOn() {
  const radio = queue.radio;
  const more = await stretch(radio).catch(() => []);
  if (queue.radio !== radio) return;
  queue.tracks.push(...more);
  show();
}

async function playRadio(button) {
  const [kind, id] = button.dataset.radio.split(":");
  const radio = { seed: { [kind]: Number(id) }, cursor: null };
  try {
    const tracks = await stretch(radio);
    if (!tracks.length) throw new Error("there is nothing to play");
    Object.assign(queue, { tracks, radio });
    tell("");
    playAt(0);
  } catch (error) {
    element("player").hidden = false;
    tell(`The radio does not play: ${error.message}.`);
  }
}

// What happens

function fail() {
  const track = current();
  if (!track) return;
  tell(`This browser cannot play “${track.title}” (${track.codec}), or its file is not there any more.`);
  if (queue.tracks.length > 1) playAt(queue.place + 1);
}

for (const link of links()) {
  link.addEventListener("click", (event) => {
    // Another tab, a download: as with every link.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    toggle(link.dataset.play);
  });
}

element("play-all")?.addEventListener("click", (event) => {
  event.preventDefault();
  playPage(null);
});

const radio = element("radio");
if (radio) {
  radio.hidden = false;
  radio.addEventListener("click", () => playRadio(radio));
}

element("previous").addEventListener("click", () => playAt(queue.place - 1));
element("skip").addEventListener("click", () => playAt(queue.place + 1));
audio.addEventListener("ended", () => playAt(queue.place + 1));
audio.addEventListener("error", fail);
for (const name of ["play", "pause", "ended", "emptied"]) audio.addEventListener(name, mark);
if ("mediaSession" in navigator) {
  navigator.mediaSession.setActionHandler("previoustrack", () => playAt(queue.place - 1));
  navigator.mediaSession.setActionHandler("nexttrack", () => playAt(queue.place + 1));
}

// A track's own page has it in its controls already.
if (audio.hasAttribute("src")) {
  queue.tracks = pageTracks();
  queue.place = 0;
  show();
}
