"""Players who improvise: grooves drawn from metrical weights, Euclidean rhythms, motifs that are developed, canons. For the set `held-out`.

Nothing here is shared with bands.py: neither its styles, nor its patterns, nor its chords, nor its way to write a melody.
"""
from math import pi, sin

from midi import DRUMS, KEYS, Score

MODES = {"major": [0, 2, 4, 5, 7, 9, 11], "minor": [0, 2, 3, 5, 7, 8, 11]}
CADENCES = {"major": ["I V vi IV", "I IV I V", "I vi ii V", "I iii IV V", "IV I V I", "I I IV V"],
            "minor": ["I IV V I", "I VI IV V", "I vi IV V", "I V I V", "I iv VI V", "VI IV V I"]}
NUMERALS = {"i": 0, "ii": 1, "iii": 2, "iv": 3, "v": 4, "vi": 5, "vii": 6}

# tempo, beats a bar, steps a beat; probability of the kick on (first beat, half of the bar, other beats, halves of beats,
# finer); beats of the snare; hats on each (n-th step); accompaniment; bass; instruments; how dense the melody is
HELD_OUT = {
    "garage rock": ((128, 160), 4, 4, (1, .7, .15, .3, .05), (1, 3), 2, "strum", "steady", ([29, 27], [33, 34], [29, 27]), .35),
    "hardcore": ((168, 198), 4, 4, (1, .6, .2, .35, .05), (1, 3), 2, "strum", "steady", ([30, 29], [34], [30]), .2),
    "jungle": ((158, 176), 4, 4, (1, .2, .05, .35, .12), (1, 3), 2, "pad", "sparse", ([89, 92, 4], [38, 39], [81, 11]), .2),
    "electro": ((112, 132), 4, 4, (1, 1, 1, .05, .05), (1, 3), 2, "euclid", "euclid", ([81, 90, 62], [38, 87], [80, 81]), .3),
    "trip hop": ((70, 92), 4, 4, (1, .3, .1, .4, .15), (1, 3), 2, "pad", "sparse", ([4, 89, 48], [33, 39], [11, 56]), .3),
    "rhythm and blues": ((66, 98), 4, 4, (1, .5, .1, .4, .25), (1, 3), 1, "euclid", "euclid", ([4, 5, 0], [33, 38], [65, 52]), .45),
    "hard bop": ((150, 220), 4, 3, (.4, .2, .2, .0, .12), (), 0, "stabs", "walking", ([0, 26], [32], [56, 66, 65]), .7),
    "big band": ((116, 176), 4, 3, (.9, .5, .4, .0, .1), (1, 3), 0, "stabs", "walking", ([61, 0], [32], [61, 66, 57]), .5),
    "gypsy swing": ((160, 224), 4, 2, None, (), 0, "pompe", "halves", ([24, 25], [32], [40, 24, 71]), .7),
    "schlager": ((118, 140), 4, 4, (1, 1, 1, .0, .0), (1, 3), 2, "offbeat", "halves", ([48, 62, 21], [33, 38], [73, 56, 21]), .5),
    "musette": ((150, 192), 3, 2, (1, 0, 0, 0, 0), (), 0, "oompah", "downbeat", ([21, 24], [32], [21, 40]), .8),
    "modal waltz": ((110, 168), 3, 3, (.9, 0, .1, 0, .15), (), 0, "stabs", "walking", ([0, 26], [32], [11, 66]), .5),
    "minuet": ((100, 144), 3, 2, None, (), 0, "alberti", "downbeat", ([6, 0, 48], [42, 43], [40, 68, 73]), .7),
    "chorale": ((58, 92), 4, 2, None, (), 0, "chorale", "beats", ([52, 19, 48], [58, 43, 19], [52, 19, 60]), .6),
    "canon": ((66, 120), 4, 4, None, (), 0, "canon", "beats", ([6, 48, 71], [42, 70], [40, 68, 6]), .6),
    "ostinato": ((96, 150), 4, 4, None, (), 0, "ostinato", "downbeat", ([12, 11, 0, 13], [0, 48], [11, 71]), .25),
    "celtic 6/8": ((100, 130), 2, 3, None, (), 0, "strum", "beats", ([25, 46], [32, 43], [73, 40, 110]), .95),
    "afro 12/8": ((92, 124), 4, 3, (1, .6, .5, .0, .25), (), 1, "euclid", "euclid", ([12, 27], [33], [73, 65]), .4),
    "prog 5/4": ((116, 164), 5, 2, (1, .2, .3, .3, 0), (1, 4), 1, "riff", "riff", ([30, 18, 27], [33, 34], [81, 30]), .4),
    "lullaby": ((66, 104), 3, 2, None, (), 0, "alberti", "downbeat", ([46, 0, 10, 24], [42, 46], [73, 40, 10]), .4),
    "calypso": ((96, 122), 4, 4, (1, .8, .2, .3, .1), (1, 3), 1, "euclid", "euclid", ([114, 25], [32, 33], [114, 73]), .5),
    "industrial": ((108, 142), 4, 4, (1, 1, .8, .1, .1), (1, 3), 2, "riff", "riff", ([30, 81], [38, 39], [81, 87]), .15),
    "nocturne": ((56, 100), 4, 3, None, (), 0, "alberti", "downbeat", ([0], [0], [0]), .4),
}
RUBATO = {"nocturne": 0.08, "chorale": 0.05, "lullaby": 0.05, "canon": 0.02}


def euclid(k, n, turn):
    return [(s + turn) % n for s in range(n) if (s * k) % n < k]


class Players:
    def __init__(self, r, name, seconds):
        self.r = r
        (low, high), self.beats, self.steps, self.kick, self.snare, self.hats, self.accompany, self.low, self.cast, self.dense = HELD_OUT[name]
        self.bpm, self.per_bar = r.triangular(low, high), self.beats * self.steps
        self.mode, self.tonic, self.length = r.choice(["major", "minor"]), r.randrange(12), seconds
        self.bars = int(seconds * self.bpm / 60 / self.beats) + 2
        self.times = self.clock(RUBATO.get(name, 0))
        self.score = Score(self.seconds, r.choice([0, 0, 0, r.uniform(-45, 45)]))
        self.chords = [NUMERALS[n.lower()] for n in r.choice(CADENCES[self.mode]).split()]
        self.span = r.choice([1, 1, 2 if self.bpm > 110 else 1, 0.5 if self.beats % 2 == 0 and self.bpm < 150 else 1])  # bars a chord
        self.window = (0, self.per_bar)
        self.feel = r.choice([0.60, 0.64, 0.67]) if name in ("gypsy swing",) else 0.5

    def clock(self, depth):
        times, now, pull = [0.0], 0.0, 0.0
        for beat in range(self.bars * self.beats + 8):
            pull = 0.8 * pull + self.r.gauss(0, depth * 0.5)
            now += 60 / self.bpm * (1 + pull + depth * sin(2 * pi * beat / (4 * self.beats)))
            times.append(now)
        return times

    def seconds(self, beat):
        i = min(int(beat), len(self.times) - 2)
        fraction = beat - i
        if self.feel != 0.5:
            fraction = fraction * self.feel * 2 if fraction < 0.5 else self.feel + (fraction - 0.5) * (1 - self.feel) * 2
        return self.times[i] + fraction * (self.times[i + 1] - self.times[i])

    def bpm_heard(self):
        beats = max(1, sum(1 for t in self.times if t <= self.length) - 1)
        return 60 * beats / self.times[beats]

    def root(self, bar):
        return self.chords[int(bar / self.span) % len(self.chords)]

    def add(self, bar, step, steps, channel, pitch, loud):
        first, behind = self.window
        if not first <= step < behind:
            return
        if channel < 2:
            steps = min(steps, behind - step)
        self.score.note(bar * self.beats + step / self.steps, steps / self.steps, channel, pitch, loud + self.r.gauss(0, 6), self.r.gauss(0, 0.004))

    def pitch(self, degree, octave):
        return 12 * (octave + degree // 7) + self.tonic % 12 + MODES[self.mode][degree % 7] - (12 if self.tonic > 7 else 0)

    def level(self, step):
        if step == 0:
            return 0
        if step % self.steps:
            return 3 if self.steps % 2 == 0 and step % (self.steps // 2) == 0 else 4
        return 1 if self.beats % 2 == 0 and step == self.per_bar // 2 else 2

    def drawn(self, odds):
        return [s for s in range(self.per_bar) if self.r.random() < odds[self.level(s)]]

    def play(self):
        for channel, programs in enumerate(self.cast):
            self.score.program(channel, self.r.choice(programs), int(self.r.triangular(55, 120)), self.r.randrange(34, 94))
        self.score.program(3, self.r.choice(self.cast[2]), 80, 90)
        self.score.program(DRUMS, 0, int(self.r.triangular(60, 127)))
        self.groove()
        self.rhythms = {"euclid": euclid(self.r.choice([3, 5, 7]), self.per_bar, self.r.choice([0, 0, 2])),
                        "riff": [0] + [s for s in range(1, self.per_bar) if self.r.random() < 0.45]}
        self.steady = self.r.choice([1, 2]) if self.steps == 4 else 1
        self.motif = self.compose_motif()
        for bar in range(self.bars):
            root, following = self.root(bar), self.root(bar + 1)
            self.drums(bar)
            whole = self.per_bar
            halves = [(0, whole // 2, root), (whole // 2, whole, self.root(bar + 0.5))] if self.span < 1 else [(0, whole, root)]
            for *self.window, root in halves:
                self.bass(bar, root, following)
                self.chord_part(bar, root)
            self.window, root = (0, whole), halves[0][2]
            if self.accompany != "canon" and not (self.dense < 0.4 and bar % 8 < 2):
                self.sing(bar, root, 2, 0)
        return self.score

    def groove(self):
        self.loop = []
        for _ in range(2):
            kick = self.drawn(self.kick) if self.kick else []
            ghosts = [s for s in range(self.per_bar) if s % self.steps and self.r.random() < 0.06] if self.snare else []
            self.loop.append((kick, ghosts))
        self.cymbal, self.hand = self.r.choice([42, 42, 46, 51]), self.r.choice([39, 38, 38, 40])

    def drums(self, bar):
        if self.kick is None:
            return
        kick, ghosts = self.loop[bar % 2]
        for s in kick:
            self.add(bar, s, 1, DRUMS, 36, 104 if s % self.steps == 0 else 86)
        for s in ghosts:
            self.add(bar, s, 1, DRUMS, 38, 46)
        for beat in self.snare:
            self.add(bar, beat * self.steps, 1, DRUMS, self.hand if self.steps != 3 else 44, 102 if self.steps != 3 else 80)
        if self.hats:
            for s in range(0, self.per_bar, self.hats):
                self.add(bar, s, 1, DRUMS, self.cymbal, 84 if s % self.steps == 0 else 64)
        elif self.steps == 3:
            for beat in range(self.beats):
                self.add(bar, beat * 3, 1, DRUMS, 51, 84)
                if beat % 2 == 1 or self.r.random() < 0.2:
                    self.add(bar, beat * 3 + 2, 1, DRUMS, 51, 70)
                    self.add(bar, beat * 3, 1, DRUMS, 44, 74)
            if self.r.random() < 0.4:
                self.add(bar, self.r.randrange(self.per_bar), 1, DRUMS, 38, 66)

    def bass(self, bar, root, following):
        low, fifth = self.pitch(root, 3), self.pitch(root + 4, 3)
        low, fifth = (p - 12 if p > 47 else p for p in (low, fifth))
        whole = self.per_bar
        plans = {
            "steady": [(s, self.steady, low) for s in range(0, whole, self.steady * 2 if self.steps == 4 else 1)],
            "sparse": [(0, whole // 2, low), (self.r.choice([whole // 2, whole // 2 + 2, whole * 3 // 4 - 2]), whole // 4, self.r.choice([low, fifth]))],
            "euclid": [(s, 2, low if k % 3 else self.r.choice([low, fifth])) for k, s in enumerate(self.rhythms["euclid"])],
            "riff": [(s, 1, low + (0, 0, 3, 0, 5)[k % 5] * (k % 2)) for k, s in enumerate(self.rhythms["riff"])],
            "halves": [(s, self.steps, low if s == 0 else fifth) for s in range(0, whole, 2 * self.steps)],
            "beats": [(s, self.steps, self.pitch(root + (0, 2, 4, 2)[s // self.steps % 4], 3)) for s in range(0, whole, self.steps)],
            "downbeat": [(0, whole, low)],
        }
        if self.low == "walking":
            goal = self.pitch(following, 3) - (12 if self.pitch(following, 3) > 47 else 0)
            at = low
            for beat in range(self.beats):
                self.add(bar, beat * self.steps, self.steps, 1, at, 90)
                left = self.beats - beat - 1
                at += round((goal - at) / max(1, left)) + self.r.choice([-2, 0, 2]) if left > 1 else (goal - at) + self.r.choice([-1, 1])
            return
        for step, steps, pitch in plans[self.low]:
            self.add(bar, step, steps * 0.95, 1, pitch, 92 if step == 0 else 82)

    def chord_part(self, bar, root):
        kind, whole, beat = self.accompany, self.per_bar, self.steps
        notes = [self.pitch(root + d, 5) for d in (0, 2, 4)]
        if kind == "canon":
            self.sing(bar, root, 2, 0)
            if bar:
                self.sing(bar, self.root(bar - 1), 0, -7, index=bar - 1)
            if bar > 1:
                self.sing(bar, self.root(bar - 2), 3, 0, index=bar - 2)
            return
        if kind in ("alberti", "ostinato"):
            order = [0, 2, 1, 2] if kind == "alberti" else [0, 1, 2, 1, 0, 2, 1, 2]
            every = max(1, beat // 2)
            for k, s in enumerate(range(0, whole, every)):
                self.add(bar, s, every, 0, notes[order[k % len(order)]] - 12, 76 if s % beat == 0 else 64)
            return
        if kind == "chorale":
            for s in range(0, whole, beat * self.r.choice([1, 2]) if self.beats == 4 else beat):
                for pitch in notes:
                    self.add(bar, s, beat, 0, pitch, 72)
            return
        plans = {
            "strum": range(0, whole, beat // 2 if beat % 2 == 0 else 1), "pad": [self.window[0]], "euclid": self.rhythms["euclid"], "riff": self.rhythms["riff"],
            "stabs": [s for s in range(whole) if self.r.random() < (0.22 if s % beat == beat - 1 else 0.12)],
            "pompe": range(0, whole, beat), "offbeat": range(beat // 2, whole, beat), "oompah": range(beat, whole, beat),
        }
        for s in plans[kind]:
            length = {"pad": whole, "pompe": beat * 0.4, "strum": max(1, beat // 2)}.get(kind, max(1, beat // 2))
            strong = s % beat == 0 and not (kind == "pompe" and s // beat % 2 == 0)
            for pitch in notes if kind != "riff" else notes[:1] + notes[2:]:
                self.add(bar, s, length, 0, pitch - (12 if kind in ("strum", "riff") else 0), 84 if strong else 70)

    def compose_motif(self):
        """Two bars: (step, steps, degree above the root)."""
        out = []
        for _ in range(2):
            bar, s = [], 0
            while s < self.per_bar:
                steps = self.r.choice([1, 2, 2, 3, 4] if self.dense > 0.5 else [2, 2, 4, 4, 6])
                if self.steps == 3:
                    steps = self.r.choice([1, 2, 3, 3] if self.dense > 0.5 else [3, 3, 6])
                if self.dense > 0.9:
                    steps = 1
                if self.r.random() < 0.45 + self.dense / 2:
                    bar.append((s, steps, self.r.choice([0, 2, 4, 4, 7, 1, 3, -1])))
                s += steps
            out.append(bar)
        return out

    def sing(self, bar, root, channel, shift, index=None):
        index = bar if index is None else index
        line = self.motif[index % 2] if index % 8 < 6 else [(s, n, -d) for s, n, d in self.motif[(index + 1) % 2]]
        for step, steps, degree in line:
            if self.r.random() < 0.95:
                self.add(bar, step, steps * 0.9, channel, self.pitch(root + degree + shift, 6), 88 if step % self.steps == 0 else 78)

    def key(self):
        return f"{KEYS[self.tonic]} {self.mode}"


def compose(r, set_name, index, seconds):
    """(score, truth)"""
    name = list(HELD_OUT)[index % len(HELD_OUT)]
    players = Players(r, name, seconds)
    meter = "6/8" if "6/8" in name else f"{players.beats}/4"
    return players.play(), {"bpm": players.bpm_heard(), "key": players.key(), "style": name, "meter": meter}
