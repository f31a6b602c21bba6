// The page of the map: reads the points, and lets people look, search and listen.

import { list, nameOf, play, showCover, showTrack, stop } from "./panel.js";
import { Plot, steer } from "./plot.js";
import { Points } from "./points.js";
import { schemes } from "./palette.js";
import { Refusal, ask, search, similar, track } from "./server.js";

const neighbourCount = 12;
const hitCount = 100;
const listedHits = 20;
const retryMs = 3000;
const refreshMs = 60000;
const hoverMs = 60;
const typingMs = 250;

const element = (id) => document.getElementById(id);
const plot = new Plot(element("plane"), element("points"), element("marks"));
const state = { map: null, points: null, scheme: null, band: null, chosen: null, search: null };

function say(text) {
  element("message").textContent = text;
  element("message").hidden = !text;
}

// Reading

async function load() {
  try {
    const map = await ask("/v1/map");
    if (!state.map || !isSame(map, state.map)) show(map);
    say("");
    setTimeout(refresh, refreshMs);
  } catch (error) {
    if (!state.map) say(error instanceof Refusal ? sentence(error.message) : "The server does not answer.");
    setTimeout(load, retryMs);
  }
}

// Nobody looks at a page in the background.
function refresh() {
  if (document.visibilityState === "visible") load();
  else document.addEventListener("visibilitychange", refresh, { once: true });
}

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + ".";

const isSame = (one, other) =>
  one.ids.length === other.ids.length && JSON.stringify(one) === JSON.stringify(other);

// A link may lead to one track: it is shown, and waits to be played.
const wanted = Number(new URLSearchParams(location.search).get("track"));

function show(map) {
  const isFirst = !state.map;
  // It is a place among the points that were there before.
  hover(-1);
  state.map = map;
  state.points = new Points(map);
  plot.setPoints(state.points);
  plot.mark({ hovered: -1, chosen: -1, neighbours: [], hits: [] });
  colour();
  if (state.chosen) markChosen();
  if (state.search) markHits();
  element("plane").dataset.points = map.ids.length;
  if (isFirst && wanted) choose(wanted, false);
}

// Colours

function colour() {
  if (!state.map) return;
  state.scheme = schemes[element("colour").value](state.map, state.points);
  state.band = null;
  plot.paint(state.scheme.shades, state.scheme.colours);
  element("legend").replaceChildren(...state.scheme.entries.map(legendEntry));
  light();
}

function legendEntry(entry) {
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-pressed", "false");
  const swatch = document.createElement("span");
  swatch.className = "swatch";
  swatch.style.backgroundColor = entry.colour;
  const text = document.createElement("bdi");
  text.textContent = entry.text;
  button.append(swatch, text);
  button.addEventListener("click", () => {
    state.band = state.band === entry ? null : entry;
    for (const other of element("legend").children) other.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-pressed", String(state.band === entry));
    light();
  });
  return button;
}

// What was searched for, or else what was chosen in the legend.
function light() {
  const { points, scheme, band } = state;
  if (!points) return;
  if (state.search) {
    const lit = new Uint8Array(points.count);
    for (const place of placesOf(state.search)) lit[place] = 1;
    plot.light(lit);
  } else if (band) {
    const own = new Set(band.shades);
    plot.light(Uint8Array.from(scheme.shades, (shade) => (own.has(shade) ? 1 : 0)));
  } else {
    plot.light(null);
  }
}

const placesOf = (tracks) => tracks.map((item) => state.points.placeOf(item.id)).filter((place) => place !== undefined);

// Pointing

let hoverTimer;
let hovered = -1;

function hover(place) {
  if (place === hovered) return;
  hovered = place;
  plot.mark({ hovered: place });
  clearTimeout(hoverTimer);
  element("tip").hidden = true;
  if (place < 0) return;
  hoverTimer = setTimeout(async () => {
    const found = await track(state.points.ids[place]).catch(() => null);
    if (!found || hovered !== place) return;
    element("tip-text").textContent = nameOf(found);
    showCover(element("tip-cover"), found.cover);
    element("tip").hidden = false;
    placeTip();
  }, hoverMs);
}

function placeTip() {
  const tip = element("tip");
  if (tip.hidden || hovered < 0) return;
  const [x, y] = plot.toScreen(hovered);
  const left = Math.max(4, Math.min(x + 14, plot.width - tip.offsetWidth - 4));
  const above = y - tip.offsetHeight - 12;
  tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(above < 4 ? y + 16 : above)}px)`;
}

plot.moved = placeTip;

// Choosing

async function choose(id, isToPlay = true) {
  const asked = { id, neighbours: [] };
  state.chosen = asked;
  const found = await track(id).catch(() => null);
  if (state.chosen !== asked) return;
  if (!found) return unchoose();
  showTrack(found);
  play(found, isToPlay);
  markChosen(true);
  const answer = await similar(id, neighbourCount).catch(() => null);
  if (!answer || state.chosen !== asked) return;
  asked.neighbours = answer.items.map((item) => item.track);
  const scores = new Map(answer.items.map((item) => [item.track.id, item.score]));
  list(element("neighbours"), asked.neighbours, choose, (item) => `${Math.round(100 * scores.get(item.id))} %`);
  markChosen();
}

function markChosen(isNew = false) {
  if (!state.points) return;
  const place = state.points.placeOf(state.chosen.id) ?? -1;
  plot.mark({ chosen: place, neighbours: placesOf(state.chosen.neighbours) });
  if (isNew && place >= 0) plot.reveal(place);
}

function unchoose() {
  state.chosen = null;
  plot.mark({ chosen: -1, neighbours: [] });
  stop();
}

// Searching

let typing;
let asking = new AbortController();

async function find() {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const text = element("query").value.trim();
  if (!text) return showHits(null);
  try {
    const answer = await search(text, hitCount, signal);
    if (!signal.aborted) showHits(answer.items);
  } catch (error) {
    if (!signal.aborted) showHits([]);
  }
}

function showHits(hits) {
  state.search = hits;
  element("found").hidden = !hits;
  if (hits) {
    const count = hits.length === 1 ? "1 track" : `${hits.length === hitCount ? "the first " : ""}${hits.length} tracks`;
    element("found-title").textContent = hits.length ? `Found ${count}` : "Nothing found";
    list(element("hits"), hits.slice(0, listedHits), choose);
  }
  markHits();
}

function markHits() {
  if (!state.points) return;
  plot.mark({ hits: state.search ? placesOf(state.search) : [] });
  light();
}

element("query").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(find, typingMs);
});
element("search").addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(typing);
  find();
});
element("colour").addEventListener("change", colour);
element("zoom-in").addEventListener("click", () => plot.zoom(1.6));
element("zoom-out").addEventListener("click", () => plot.zoom(1 / 1.6));
element("whole").addEventListener("click", () => plot.showWhole());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", colour);

steer(plot, {
  hover,
  choose(place) {
    if (place >= 0) choose(state.points.ids[place]);
    else if (state.chosen) unchoose();
  },
});

load();

export { plot, state };
