// The track that plays, its neighbours, and what a search found. Everything that files say becomes text, never markup.

const element = (id) => document.getElementById(id);

export const nameOf = (track) => (track.artist ? `${track.title} – ${track.artist}` : track.title);

export function showCover(image, address) {
  image.hidden = !address;
  if (address) image.src = address;
  else image.removeAttribute("src");
  image.alt = "";
}

const factsOf = (track) => [
  track.album, track.year, track.genres.join(", "), track.tempo_bpm && `${Math.round(track.tempo_bpm)} BPM`,
  track.key && `${track.key} (${track.key_camelot})`,
].filter(Boolean).join(" · ");

// A list of tracks as buttons.
export function list(target, tracks, choose, note = () => "") {
  target.replaceChildren(...tracks.map((track) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "row";
    const [title, artist, aside] = ["title", "artist", "note"].map((name) => {
      const part = document.createElement("bdi");
      part.className = name;
      return part;
    });
    title.textContent = track.title;
    artist.textContent = track.artist;
    aside.textContent = note(track);
    button.append(title, artist, aside);
    button.addEventListener("click", () => choose(track.id));
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
}

export function showTrack(track) {
  element("hint").hidden = true;
  element("playing").hidden = false;
  element("title").textContent = track.title;
  element("artist").textContent = track.artist;
  element("facts").textContent = factsOf(track);
  showCover(element("cover"), track.cover);
  list(element("neighbours"), [], () => {});
}

export function play(track, isToPlay) {
  const audio = element("audio");
  const trouble = element("trouble");
  trouble.hidden = true;
  audio.onerror = () => {
    trouble.textContent = `This browser cannot play the file (${track.codec}), or it is not there any more.`;
    trouble.hidden = false;
  };
  audio.src = `/v1/tracks/${track.id}/stream`;
  // Refused where a browser wants a gesture first: the controls are there.
  if (isToPlay) audio.play().catch(() => {});
}

export function stop() {
  const audio = element("audio");
  audio.onerror = null;
  audio.pause();
  audio.removeAttribute("src");
  // Ends the download, too.
  audio.load();
  element("playing").hidden = true;
  element("hint").hidden = false;
}
