// What is played in its order: the account's own play queue, which all its players share.

import { ask, send, track } from "./server.js";

const client = "Sillon in a browser";
const radioLength = 20;
// Of the server; what is longer is cut at its end.
const longest = 10000;

// Characters that move a cursor or turn the direction of writing, as the server's own pages show them.
const visible = (text) => text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
  (character) => `\\u{${character.codePointAt(0).toString(16)}}`);

export const ofAnswer = (answer) => ({
  id: String(answer.id), codec: answer.codec, duration: answer.duration_ms ?? 0, cover: answer.cover ?? null,
  name: visible(answer.title), artist: visible(answer.artist), album: visible(answer.album ?? ""),
  title: visible(answer.artist ? `${answer.title} – ${answer.artist}` : answer.title),
  page: `/library/tracks/${answer.id}`,
});

export class Queue {
  ids = [];
  place = -1;
  // Goes on for ever: its seed, and where it is.
  radio = null;
  #changedAt = null;
  #saved = "";
  // Counts what was done here: an answer from before it is old.
  #steps = 0;

  get current() { return this.ids[this.place]; }
  get next() { return this.ids[this.place + 1]; }

  // What is known of a track.
  async details(id) { return ofAnswer(await track(id)); }

  set(ids, place = 0) {
    this.#steps += 1;
    this.ids = ids.slice(0, longest);
    this.place = Math.max(0, Math.min(place, this.ids.length - 1));
    this.radio = null;
  }

  go(place) {
    this.#steps += 1;
    this.place = place;
  }

  // The queue as another player, or another page, has left it. Answers the position in milliseconds, or null when this
  // one is still up to date, or went on meanwhile.
  async restore() {
    const steps = this.#steps;
    const saved = await ask("/v1/me/queue");
    if (saved.changed_at === this.#changedAt || steps !== this.#steps) return null;
    this.#changedAt = saved.changed_at;
    this.ids = saved.track_ids.map(String);
    this.place = this.ids.length ? saved.current_index : -1;
    this.radio = null;
    return saved.position_ms;
  }

  // Leaves a mark for the account's other players. What is the same is not sent again.
  async save(position, options = {}) {
    if (this.place < 0) return;
    const body = {
      track_ids: this.ids.map(Number), current_index: this.place, position_ms: Math.round(position), client,
    };
    const text = JSON.stringify(body);
    if (text === this.#saved) return;
    this.#saved = text;
    const answer = await send("PUT", "/v1/me/queue", body, options);
    this.#changedAt = answer.changed_at;
  }

  // Radio

  async begin(kind, id) {
    const radio = { seed: { [kind]: Number(id) }, cursor: null };
    const ids = await this.#stretch(radio);
    if (!ids.length) throw new Error("there is nothing to play");
    this.set(ids);
    this.radio = radio;
  }

  // More of the radio, when what there is comes to its end.
  async goOn() {
    const radio = this.radio;
    if (!radio || this.place + 2 < this.ids.length) return;
    const more = await this.#stretch(radio);
    if (this.radio === radio) this.ids.push(...more);
  }

  async #stretch(radio) {
    const answer = await send("POST", "/v1/radio", {
      seeds: [radio.seed], limit: radioLength, ...(radio.cursor && { cursor: radio.cursor }),
    });
    radio.cursor = answer.next_cursor;
    return answer.items.map((item) => String(item.track.id));
  }
}

const stash = "play";
// A page that is loaded anew within this time, in milliseconds, goes on with the same play.
const pauseMax = 600000;

// Tells what was heard, once when it begins and once when it ends.
export class PlayReport {
  #play = null;
  #heard = 0;
  #at = null;

  begin(id) {
    this.end();
    this.#at = null;
    const left = JSON.parse(sessionStorage.getItem(stash) ?? "null");
    sessionStorage.removeItem(stash);
    if (left && left.play.track_id === Number(id) && Date.now() - left.at < pauseMax) {
      this.#play = left.play;
      this.#heard = left.heard;
      return;
    }
    this.#play = { track_id: Number(id), started_at: new Date().toISOString(), client };
    this.#heard = 0;
    send("POST", "/v1/plays", { ...this.#play, submission: "started" }).catch(() => {});
  }

  // Milliseconds; what lies between two looks was heard, unless somebody moved.
  hear(position, isPlaying) {
    const passed = this.#at === null ? 0 : position - this.#at;
    if (isPlaying && passed > 0 && passed < 5000) this.#heard += passed;
    this.#at = position;
  }

  // The page goes; what was heard until now is told, and is the same play if it goes on.
  leave() {
    if (!this.#play) return;
    sessionStorage.setItem(stash, JSON.stringify({ play: this.#play, heard: this.#heard, at: Date.now() }));
    this.end({ keepalive: true });
  }

  end(options = {}) {
    if (!this.#play) return;
    const play = { ...this.#play, submission: "finished", seconds_played: Math.round(this.#heard / 1000) };
    this.#play = null;
    send("POST", "/v1/plays", play, options).catch(() => {});
  }
}
