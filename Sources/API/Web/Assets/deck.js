// Two players take turns: while one plays, the other has the beginning of what comes next, so that hardly a gap is heard.
// What a browser cannot play, or cannot find its way in, comes from the server in a form that it can.

const plainFormat = "mp3";
// Milliseconds; what is left behind a place is not worth asking for.
const shortest = 50;

export class Deck extends EventTarget {
  #sides;
  #track = null;
  #next = null;
  // Milliseconds that lie before what the element plays: an encoded stream begins where it was asked to.
  #before = 0;
  #wanted = 0;
  // Whether somebody wants to hear it, though it may not have begun.
  wants = false;

  // The elements are the page's own; the first one plays.
  constructor(elements) {
    super();
    this.#sides = elements.map((audio) => {
      const side = { audio, isEncoded: false };
      for (const name of ["play", "pause", "timeupdate", "seeked", "durationchange"]) {
        audio.addEventListener(name, () => this.#isActive(side) && this.#tell("change"));
      }
      audio.addEventListener("ended", () => this.#isActive(side) && this.#tell("ended"));
      audio.addEventListener("error", () => this.#isActive(side) && audio.hasAttribute("src") && this.#fail());
      audio.addEventListener("loadedmetadata", () => this.#isActive(side) && this.#arrive());
      return side;
    });
  }

  get audio() { return this.#sides[0].audio; }
  get track() { return this.#track; }
  get isPlaying() { return !this.audio.paused && !this.audio.ended; }
  // Milliseconds.
  get position() { return this.#before + (this.audio.readyState ? this.audio.currentTime * 1000 : this.#wanted); }
  get duration() {
    if (this.#track?.duration) return this.#track.duration;
    return Number.isFinite(this.audio.duration) ? this.#before + this.audio.duration * 1000 : 0;
  }

  get volume() { return this.audio.volume; }
  set volume(value) { for (const { audio } of this.#sides) audio.volume = value; }

  // Puts a track on, and plays it where it shall.
  put(track, position = 0, plays = true) {
    // What could not be fetched ahead is tried again where somebody looks at how it fails.
    const ready = this.#next?.id === track.id && !position && !this.#sides[1].audio.error;
    this.#track = track;
    this.#next = null;
    this.wants = plays;
    if (ready) {
      this.#sides[0].audio.pause();
      this.#empty(this.#sides[0]);
      this.#sides.reverse();
      this.#before = 0;
    } else {
      this.#load(this.#sides[0], track, false, track.isPart ? position : 0);
    }
    this.#wanted = track.isPart ? 0 : position;
    if (plays) this.play(); else this.#tell("change");
    if (!ready && this.audio.readyState) this.#arrive();
  }

  // What comes after this track; fetched ahead.
  prepare(track) {
    if (!track || this.#next?.id === track.id) return;
    this.#next = track;
    this.#load(this.#sides[1], track, false, 0);
    this.#sides[1].audio.preload = "auto";
    this.#sides[1].audio.load();
  }

  // Refused where a browser wants a gesture first: there is a button.
  play() {
    this.wants = true;
    this.audio.play().catch(() => this.#tell("change"));
  }

  pause() {
    this.wants = false;
    this.audio.pause();
  }

  seek(position) {
    const target = Math.max(0, Math.min(position, this.duration || position));
    const side = this.#sides[0];
    if (side.isEncoded || this.#track?.isPart) {
      if (this.#isOver(target)) return this.#finish();
      const plays = this.isPlaying;
      this.#load(side, this.#track, side.isEncoded, target);
      if (plays) this.play();
    } else if (this.audio.readyState) {
      this.audio.currentTime = target / 1000;
    } else {
      this.#wanted = target;
      this.audio.preload = "metadata";
    }
    this.#tell("change");
  }

  // Why nothing came: what the server answers to the same request, and no status where it does not.
  async reason() {
    const control = new AbortController();
    try {
      const answer = await fetch(this.audio.src, {
        credentials: "same-origin", headers: { Range: "bytes=0-0" }, signal: control.signal,
      });
      const problem = answer.ok ? {} : await answer.json().catch(() => ({}));
      return {
        status: answer.status, detail: problem.detail ?? "", seconds: Number(answer.headers.get("Retry-After")) || 0,
      };
    } catch {
      return { status: 0 };
    } finally {
      // What is sent well is not wanted.
      control.abort();
    }
  }

  // Asks again for what did not come, from the same place.
  retry() {
    if (this.#isOver(this.position)) return this.#finish();
    this.#load(this.#sides[0], this.#track, true, this.position);
    this.play();
  }

  clear() {
    this.#track = this.#next = null;
    for (const side of this.#sides) this.#empty(side);
    this.#tell("change");
  }

  // The server has no sound to encode from there on.
  #isOver(position) { return this.duration > 0 && position >= this.duration - shortest; }

  // As a file ends that somebody went to the end of.
  #finish() {
    this.audio.pause();
    this.#tell("ended");
  }

  #isActive(side) { return side === this.#sides[0]; }
  #tell(name) { this.dispatchEvent(new Event(name)); }

  #load(side, track, isEncoded, start) {
    side.isEncoded = isEncoded;
    const path = `/v1/tracks/${track.id}/stream`;
    // A part of a file is cut out while it is sent, so that it is found its way in by the server, too.
    const offset = `time_offset=${(start / 1000).toFixed(3)}`;
    side.audio.src = isEncoded ? `${path}?format=${plainFormat}&${offset}` : track.isPart ? `${path}?${offset}` : path;
    if (this.#isActive(side)) {
      this.#before = start;
      this.#wanted = 0;
    }
  }

  #empty(side) {
    side.audio.removeAttribute("src");
    side.audio.load();
  }

  #arrive() {
    if (this.#wanted && !this.#sides[0].isEncoded) this.audio.currentTime = this.#wanted / 1000;
    this.#wanted = 0;
  }

  #fail() {
    const side = this.#sides[0];
    // One that broke off, after a long pause say, goes on from where it was.
    if (side.isEncoded && this.position <= this.#before) return this.#tell("trouble");
    if (this.#isOver(this.position)) return this.#finish();
    this.#load(side, this.#track, true, this.position);
    if (this.wants) this.play();
  }
}
