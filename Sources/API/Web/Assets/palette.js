// What the colours of points mean. Colours by name are those of the style sheet, so that light and dark are said once.

const slowest = 60;
const fastest = 180;
const steps = 60;

const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const parts = (hex) => [1, 3, 5].map((start) => parseInt(hex.slice(start, start + 2), 16));

const css = ([red, green, blue]) => `rgb(${red} ${green} ${blue})`;

const named = (name) => parts(style(name));

// Hue in degrees, the others from 0 to 1 (CSS Color 4, 7.1).
function ofHue(hue, saturation, lightness) {
  const amplitude = saturation * Math.min(lightness, 1 - lightness);
  return [0, 8, 4].map((n) => {
    const k = (n + hue / 30) % 12;
    return Math.round(255 * (lightness - amplitude * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  });
}

function onRamp(share) {
  const stops = [1, 2, 3, 4, 5].map((number) => named(`--ramp-${number}`));
  const place = Math.min(3.999, Math.max(0, share * 4));
  const [from, to] = [stops[Math.floor(place)], stops[Math.floor(place) + 1]];
  return from.map((value, index) => Math.round(value + (to[index] - value) * (place % 1)));
}

// For each: `shades` says which colour of `colours` a point has; `entries` are the lines of the legend.
export const schemes = {
  genre(map, points) {
    const names = map.genres.map((genre) => genre.name || "(no name)");
    const genres = map.genres.map((_, index) => named(`--genre-${index + 1}`));
    const entries = names.map((text, index) => ({ text, colour: css(genres[index]), shades: [index + 1] }));
    if (points.genre.includes(names.length + 1)) {
      entries.push({ text: "Others", colour: css(named("--other")), shades: [names.length + 1] });
    }
    if (points.genre.includes(0)) entries.push({ text: "No genre", colour: css(named("--unknown")), shades: [0] });
    return { shades: points.genre, colours: [named("--unknown"), ...genres, named("--other")], entries };
  },

  tempo(map, points) {
    const shades = points.tempo.map((tempo) => {
      const share = (tempo - slowest) / (fastest - slowest);
      return tempo === 0 ? 0 : 1 + Math.round(Math.min(1, Math.max(0, share)) * (steps - 1));
    });
    const colours = [named("--unknown")];
    for (let step = 0; step < steps; step++) colours.push(onRamp(step / (steps - 1)));
    const each = steps / 6;
    const entries = [0, 1, 2, 3, 4, 5].map((band) => {
      const low = slowest + (band * (fastest - slowest)) / 6;
      const text = band === 0 ? `to ${low + 20}` : band === 5 ? `${low} and more BPM` : `${low}–${low + 20}`;
      const own = Array.from({ length: each }, (_, index) => 1 + band * each + index);
      return { text, colour: css(colours[own[each / 2]]), shades: own };
    });
    if (shades.includes(0)) entries.push({ text: "Unknown", colour: css(colours[0]), shades: [0] });
    return { shades: Uint8Array.from(shades), colours, entries };
  },

  // Neighbours on the Camelot wheel have neighbouring hues; a minor key is the darker one of its pair.
  key(map, points) {
    const [minor, major] = [Number(style("--minor")), Number(style("--major"))];
    const keys = map.keys.map((code, index) => ofHue(Math.floor(index / 2) * 30, 0.62, index % 2 ? major : minor));
    const entries = map.keys.map((text, index) => ({ text, colour: css(keys[index]), shades: [index + 1] }));
    const colours = [named("--unknown"), ...keys];
    if (points.key.includes(0)) entries.push({ text: "Unknown", colour: css(colours[0]), shades: [0] });
    return { shades: points.key, colours, entries: entries.filter((entry) => points.key.includes(entry.shades[0])) };
  },
};

export const line = (name) => style(name);
