// The points of a map, and a grid by which the one under a pointer is found.

export const span = 65536;
const cells = 256;
const cellSize = span / cells;

const cellOf = (place) => Math.min(cells - 1, Math.max(0, Math.floor(place / cellSize)));

export class Points {
  constructor(map) {
    this.count = map.ids.length;
    this.ids = map.ids;
    this.x = Uint16Array.from(map.x);
    // Pictures grow downwards.
    this.y = Uint16Array.from(map.y, (y) => span - 1 - y);
    this.genre = Uint8Array.from(map.genre);
    this.tempo = Uint16Array.from(map.tempo);
    this.key = Uint8Array.from(map.key);
    this.places = new Map(map.ids.map((id, place) => [id, place]));
    this.sortIntoCells();
  }

  // The place of a track in the columns; undefined when it is not on the map.
  placeOf(id) {
    return this.places.get(id);
  }

  // A counting sort: `order` has the points cell by cell, `starts` where each cell begins.
  sortIntoCells() {
    const cell = Uint32Array.from(this.x, (x, place) => cellOf(this.y[place]) * cells + cellOf(x));
    this.starts = new Uint32Array(cells * cells + 1);
    for (let place = 0; place < this.count; place++) this.starts[cell[place] + 1]++;
    for (let index = 0; index < cells * cells; index++) this.starts[index + 1] += this.starts[index];
    const next = this.starts.slice();
    this.order = new Uint32Array(this.count);
    for (let place = 0; place < this.count; place++) this.order[next[cell[place]]++] = place;
  }

  // The point next to a place, none further away than `reach`; -1 when there is none.
  nearest(x, y, reach) {
    let best = -1;
    let least = reach * reach;
    const [left, right] = [cellOf(x - reach), cellOf(x + reach)];
    for (let row = cellOf(y - reach); row <= cellOf(y + reach); row++) {
      const end = this.starts[row * cells + right + 1];
      for (let index = this.starts[row * cells + left]; index < end; index++) {
        const place = this.order[index];
        const [dx, dy] = [this.x[place] - x, this.y[place] - y];
        const distance = dx * dx + dy * dy;
        if (distance <= least) [best, least] = [place, distance];
      }
    }
    return best;
  }

  bounds() {
    let [left, right, top, bottom] = [span, 0, span, 0];
    for (let place = 0; place < this.count; place++) {
      left = Math.min(left, this.x[place]);
      right = Math.max(right, this.x[place]);
      top = Math.min(top, this.y[place]);
      bottom = Math.max(bottom, this.y[place]);
    }
    return { left, right, top, bottom };
  }
}
