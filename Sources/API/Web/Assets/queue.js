// What is played in its order: the account's own play queue, which all its players share.

import { ask, send, track } from "./server.js";

const client = "Sillon in a browser";
const radioLength = 20;
// Of the server; what is longer is cut at its end.
const longest = 10000;

// Whose pages these are; what is kept in the tab is theirs alone.
export const account = () => document.querySelector("#player")?.dataset.account ?? "";

// Characters that move a cursor or turn the direction of writing, as the server's own pages show them.
const visible = (text) => text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
  (character) => `\\u{${character.codePointAt(0).toString(16)}}`);

export const ofAnswer = (answer) => ({
  id: String(answer.id), codec: answer.codec, isPart: Boolean(answer.segment), duration: answer.duration_ms ?? 0, cover: answer.cover ?? null,
  name: visible(answer.title), artist: visible(answer.artist), album: visible(answer.album ?? ""),
  title: visible(answer.artist ? `${answer.title} – ${answer.artist}` : answer.title),
  page: `/library/tracks/${answer.id}`,
});

export class Queue {
  ids = [];
  place = -1;
  // Goes on for ever: its seed, and where it is.
  radio = null;
  // Of the queue as the server has it.
  #version = null;
  // True while the server has none of it: what was there before is given up for it.
  #isNew = false;
  #saved = "";
  #saving = Promise.resolve();
  // Counts what was done here: an answer from before it is old.
  #steps = 0;
  // Called with the name of the player that put another queue in the place of this one.
  whenReplaced = () => {};

  get current() { return this.ids[this.place]; }
  get next() { return this.ids[this.place + 1]; }

  // What is known of a track.
  async details(id) { return ofAnswer(await track(id)); }

  set(ids, place = 0) {
    this.#steps += 1;
    this.ids = ids.slice(0, longest);
    this.place = Math.max(0, Math.min(place, this.ids.length - 1));
    this.radio = null;
    this.#isNew = true;
  }

  go(place) {
    this.#steps += 1;
    this.place = place;
  }

  // The queue as another player, or another page, has left it. Answers the position in milliseconds, or null when this
  // one is still up to date, or went on meanwhile. A radio ends where another player took over, and goes on where a form of
  // ours changed its queue.
  async restore({ isOurs = false } = {}) {
    const steps = this.#steps;
    const saved = await ask("/v1/me/queue");
    if (saved.version === this.#version || steps !== this.#steps) return null;
    const known = [this.current, this.next];
    this.#take(saved);
    if (!isOurs || !known.some((id) => id && this.ids.includes(id))) this.radio = null;
    return saved.position_ms;
  }

  #take(saved) {
    this.#version = saved.version;
    this.#isNew = false;
    this.ids = saved.track_ids.map(String);
    this.place = this.ids.length ? saved.current_index : -1;
  }

  // Leaves a mark for the account's other players. One after the other, so that each knows the version that the one before
  // made; a page that goes cannot wait for it.
  save(position, options = {}) {
    const steps = this.#steps;
    const tell = async () => { if (steps === this.#steps) await this.#tell(position, options); };
    this.#saving = options.keepalive ? tell() : this.#saving.catch(() => {}).then(tell);
    return this.#saving;
  }

  // What is the same is not sent again.
  async #tell(position, options) {
    if (this.place < 0) return;
    const body = this.#state(position);
    const text = JSON.stringify(body);
    if (text === this.#saved) return;
    this.#saved = text;
    try {
      await this.#put(body, options);
    } catch (error) {
      if (error.status !== 409) throw error;
      await this.#meet(position, options);
    }
  }

  async #put(body, options) {
    const steps = this.#steps;
    const known = this.#isNew || this.#version === null ? {} : { version: this.#version };
    const answer = await send("PUT", "/v1/me/queue", { ...body, ...known }, options);
    this.#version = answer.version;
    if (steps === this.#steps) this.#isNew = false;
  }

  // Somebody put another queue there since: a page that added to it, or another player. It is taken over, and this player
  // stays where it is in it, once. Where it is not in it, what plays now is heard to its end.
  async #meet(position, options) {
    const steps = this.#steps;
    const saved = await ask("/v1/me/queue");
    if (steps !== this.#steps) return;
    const { current, place } = this;
    this.#take(saved);
    const places = [...this.ids.keys()].filter((index) => this.ids[index] === current);
    if (!places.length) {
      this.radio = null;
      if (this.ids.length) this.whenReplaced(visible(saved.changed_by ?? ""));
      return;
    }
    this.place = places.reduce((best, index) => Math.abs(index - place) < Math.abs(best - place) ? index : best);
    await this.#put(this.#state(position), options);
  }

  #state(position) {
    return { track_ids: this.ids.map(Number), current_index: this.place, position_ms: Math.round(position), client };
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

const stash = () => `play ${account()}`;
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
    const left = JSON.parse(sessionStorage.getItem(stash()) ?? "null");
    sessionStorage.removeItem(stash());
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
    sessionStorage.setItem(stash(), JSON.stringify({ play: this.#play, heard: this.#heard, at: Date.now() }));
    this.end({ keepalive: true });
  }

  // Nothing of it is left in this tab; answers when the server knows.
  async forget() {
    await this.end();
    sessionStorage.removeItem(stash());
  }

  async end(options = {}) {
    if (!this.#play) return;
    const play = { ...this.#play, submission: "finished", seconds_played: Math.round(this.#heard / 1000) };
    this.#play = null;
    await send("POST", "/v1/plays", play, options).catch(() => {});
  }
}
