// Draws points and moves the view over them. Points are written pixel by pixel: 50,000 take a few milliseconds on any
// machine, with or without a graphics processor. Marks (rings and lines, which are few) lie on a canvas of their own.

import { line } from "./palette.js";

const closest = 400; // times the whole
const margin = 24; // CSS pixels around the whole
const dimmed = 0x38; // alpha of what is not lit

export class Plot {
  constructor(plane, canvas, marks) {
    this.plane = plane;
    this.canvas = canvas;
    this.marks = marks;
    this.context = canvas.getContext("2d");
    this.pen = marks.getContext("2d");
    this.points = null;
    this.shades = null;
    this.lit = null;
    this.colours = new Uint32Array(256);
    this.marked = { hovered: -1, chosen: -1, neighbours: [], hits: [] };
    this.view = { x: 0, y: 0, scale: 1 };
    this.whole = 1;
    this.isWhole = true;
    this.waiting = false;
    this.moved = () => {};
    new ResizeObserver(() => this.resize()).observe(plane);
    this.resize();
  }

  resize() {
    this.ratio = window.devicePixelRatio || 1;
    this.width = this.plane.clientWidth;
    this.height = this.plane.clientHeight;
    for (const canvas of [this.canvas, this.marks]) {
      canvas.width = Math.max(1, Math.round(this.width * this.ratio));
      canvas.height = Math.max(1, Math.round(this.height * this.ratio));
    }
    this.image = this.context.createImageData(this.canvas.width, this.canvas.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    if (this.points) this.measure();
    this.invalidate();
  }

  // A view that showed everything goes on doing so; another one stays where it is.
  setPoints(points) {
    this.points = points;
    this.shades = new Uint8Array(points.count);
    this.lit = null;
    this.measure();
    this.invalidate();
  }

  measure() {
    const box = this.points.bounds();
    const [width, height] = [Math.max(1, box.right - box.left), Math.max(1, box.bottom - box.top)];
    const room = (size) => Math.max(20, size - 2 * margin);
    this.whole = Math.min(room(this.width) / width, room(this.height) / height);
    this.centre = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
    if (this.isWhole) this.view = { ...this.centre, scale: this.whole };
  }

  // `colours` are triples; `shades` names one for each point.
  paint(shades, colours) {
    this.shades = shades;
    this.colours.fill(0);
    colours.forEach(([red, green, blue], index) => {
      this.colours[index] = ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
    });
    this.invalidate();
  }

  // One byte for each point, or null when all are lit.
  light(lit) {
    this.lit = lit;
    this.invalidate();
  }

  mark(changes) {
    Object.assign(this.marked, changes);
    this.invalidate();
  }

  toScreen(place) {
    const { x, y, scale } = this.view;
    return [
      (this.points.x[place] - x) * scale + this.width / 2,
      (this.points.y[place] - y) * scale + this.height / 2,
    ];
  }

  // The point at a place of the screen, in CSS pixels; -1 when there is none.
  at(screenX, screenY, reach) {
    if (!this.points) return -1;
    const { x, y, scale } = this.view;
    return this.points.nearest(
      x + (screenX - this.width / 2) / scale, y + (screenY - this.height / 2) / scale, reach / scale);
  }

  pan(dx, dy) {
    this.isWhole = false;
    this.view.x -= dx / this.view.scale;
    this.view.y -= dy / this.view.scale;
    this.invalidate();
  }

  // What lies at the place of the screen stays there.
  zoom(factor, screenX = this.width / 2, screenY = this.height / 2) {
    const before = this.view.scale;
    const after = Math.min(this.whole * closest, Math.max(this.whole / 2, before * factor));
    this.view.x += (screenX - this.width / 2) * (1 / before - 1 / after);
    this.view.y += (screenY - this.height / 2) * (1 / before - 1 / after);
    this.view.scale = after;
    this.isWhole = false;
    this.invalidate();
  }

  showWhole() {
    this.isWhole = true;
    if (this.points) this.measure();
    this.invalidate();
  }

  // Moves only as far as is needed to see the point.
  reveal(place) {
    const [x, y] = this.toScreen(place);
    const out = (value, size) => Math.min(0, value - margin) + Math.max(0, value - size + margin);
    const [dx, dy] = [out(x, this.width), out(y, this.height)];
    if (dx || dy) this.pan(-dx, -dy);
  }

  invalidate() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.draw();
      this.moved();
    });
  }

  draw() {
    this.pixels.fill(0);
    if (this.points) {
      const stamp = this.stamp(this.radius());
      if (this.lit) this.stampAll(stamp, (place) => !this.lit[place], dimmed);
      this.stampAll(stamp, this.lit ? (place) => this.lit[place] : null, 255);
    }
    this.context.putImageData(this.image, 0, 0);
    this.drawMarks();
  }

  // Device pixels. Few points are large, and all grow a little when the view comes closer.
  radius() {
    const room = Math.sqrt((this.width * this.height) / Math.max(1, this.points.count));
    const far = Math.min(5, Math.max(1.1, room * 0.18));
    return this.ratio * Math.min(8, far * Math.max(1, this.view.scale / this.whole) ** 0.35);
  }

  // A disc: the pixels that it covers whole, and those of its rim with how much of each it covers.
  stamp(radius) {
    const size = Math.ceil(radius);
    const [whole, rim] = [[], []];
    for (let dy = -size; dy <= size; dy++) {
      for (let dx = -size; dx <= size; dx++) {
        const cover = Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(dx, dy)));
        if (cover === 1) whole.push([dx, dy]);
        else if (cover > 0.08) rim.push([dx, dy, Math.round(cover * 255)]);
      }
    }
    return { size, whole, rim };
  }

  stampAll({ size, whole, rim }, admits, alpha) {
    const { points, shades, colours, pixels } = this;
    const [width, height] = [this.canvas.width, this.canvas.height];
    const scale = this.view.scale * this.ratio;
    const left = this.view.x - width / 2 / scale;
    const top = this.view.y - height / 2 / scale;
    const wholeSteps = Int32Array.from(whole, ([dx, dy]) => dy * width + dx);
    const rimSteps = Int32Array.from(rim, ([dx, dy]) => dy * width + dx);
    const rimAlphas = Uint8Array.from(rim, ([, , cover]) => (cover * alpha) / 255);
    const [xs, ys, count] = [points.x, points.y, points.count];
    for (let place = 0; place < count; place++) {
      if (admits && !admits(place)) continue;
      const x = Math.round((xs[place] - left) * scale);
      const y = Math.round((ys[place] - top) * scale);
      // A disc at the edge would run over to the other side: it is left out, where the margin ends.
      if (x < size || y < size || x >= width - size || y >= height - size) continue;
      const at = y * width + x;
      const colour = colours[shades[place]] & 0xffffff;
      const full = (colour | (alpha << 24)) >>> 0;
      for (let index = 0; index < wholeSteps.length; index++) pixels[at + wholeSteps[index]] = full;
      for (let index = 0; index < rimSteps.length; index++) {
        const pixel = at + rimSteps[index];
        if (pixels[pixel] >>> 24 < rimAlphas[index]) pixels[pixel] = (colour | (rimAlphas[index] << 24)) >>> 0;
      }
    }
  }

  drawMarks() {
    const pen = this.pen;
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.clearRect(0, 0, this.width, this.height);
    if (!this.points) return;
    const { hovered, chosen, neighbours, hits } = this.marked;
    const radius = this.radius() / this.ratio;
    if (chosen >= 0) this.drawLines(chosen, neighbours);
    pen.strokeStyle = line("--ink");
    pen.lineWidth = 1.5;
    for (const place of hits) this.ring(place, radius + 3);
    pen.strokeStyle = line("--accent");
    for (const place of neighbours) this.ring(place, radius + 2);
    pen.lineWidth = 3;
    if (chosen >= 0) this.ring(chosen, radius + 5);
    pen.strokeStyle = line("--ink");
    pen.lineWidth = 2;
    if (hovered >= 0) this.ring(hovered, radius + 3);
    if (this.marks.matches(":focus-visible")) this.cross();
  }

  drawLines(from, ends) {
    const start = this.toScreen(from);
    this.pen.strokeStyle = line("--accent");
    this.pen.lineWidth = 1.5;
    this.pen.globalAlpha = 0.75;
    this.pen.beginPath();
    for (const place of ends) {
      this.pen.moveTo(...start);
      this.pen.lineTo(...this.toScreen(place));
    }
    this.pen.stroke();
    this.pen.globalAlpha = 1;
  }

  ring(place, radius) {
    this.pen.beginPath();
    this.pen.arc(...this.toScreen(place), radius, 0, 2 * Math.PI);
    this.pen.stroke();
  }

  // Where Enter chooses.
  cross() {
    const [x, y] = [this.width / 2, this.height / 2];
    this.pen.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      this.pen.moveTo(x + dx * 5, y + dy * 5);
      this.pen.lineTo(x + dx * 12, y + dy * 12);
    }
    this.pen.stroke();
  }
}

const clickSlack = 5; // CSS pixels that a finger may slip
const reach = { mouse: 10, pen: 14, touch: 22 };

// Mouse, touch and keys. `handlers.hover(place)` and `handlers.choose(place)` hear of points, -1 of none.
export function steer(plot, handlers) {
  const canvas = plot.marks;
  const fingers = new Map();
  let slip = 0;
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    if (fingers.size === 0) slip = 0;
    fingers.set(event.pointerId, place(event));
    if (fingers.size > 1) slip = Infinity;
  });

  canvas.addEventListener("pointermove", (event) => {
    const now = place(event);
    const before = fingers.get(event.pointerId);
    if (!before) return handlers.hover(plot.at(now.x, now.y, reach[event.pointerType] ?? 10));
    slip += Math.hypot(now.x - before.x, now.y - before.y);
    if (fingers.size === 2) pinch(event.pointerId, before, now);
    else if (slip > clickSlack) plot.pan(now.x - before.x, now.y - before.y);
    fingers.set(event.pointerId, now);
  });

  function pinch(id, before, now) {
    const [other] = [...fingers].filter(([key]) => key !== id).map(([, value]) => value);
    const length = (finger) => Math.max(10, Math.hypot(finger.x - other.x, finger.y - other.y));
    plot.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
    plot.zoom(length(now) / length(before), (now.x + other.x) / 2, (now.y + other.y) / 2);
  }

  canvas.addEventListener("pointerup", (event) => {
    if (fingers.delete(event.pointerId) && slip <= clickSlack) {
      const { x, y } = place(event);
      handlers.choose(plot.at(x, y, reach[event.pointerType] ?? 10));
    }
  });
  canvas.addEventListener("pointercancel", (event) => fingers.delete(event.pointerId));
  canvas.addEventListener("pointerleave", () => handlers.hover(-1));

  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const { x, y } = place(event);
    const unit = event.deltaMode === 1 ? 0.05 : event.ctrlKey ? 0.01 : 0.0015;
    plot.zoom(Math.exp(-Math.max(-400, Math.min(400, event.deltaY)) * unit), x, y);
  }, { passive: false });

  const stride = 60;
  const keys = {
    ArrowLeft: () => plot.pan(stride, 0), ArrowRight: () => plot.pan(-stride, 0),
    ArrowUp: () => plot.pan(0, stride), ArrowDown: () => plot.pan(0, -stride),
    "+": () => plot.zoom(1.4), "=": () => plot.zoom(1.4), "-": () => plot.zoom(1 / 1.4), 0: () => plot.showWhole(),
    Enter: () => handlers.choose(plot.at(plot.width / 2, plot.height / 2, Math.max(plot.width, plot.height))),
    Escape: () => handlers.choose(-1),
  };
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  });
  canvas.addEventListener("focus", () => plot.invalidate());
  canvas.addEventListener("blur", () => plot.invalidate());
}
