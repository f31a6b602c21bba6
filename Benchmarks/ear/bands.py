"""A band that plays from written patterns: forty styles, for the sets `learn` and `tune`.

A pattern is one character for each step of a bar: X loud, x ordinary, o soft, ? perhaps, . silent. Each excerpt drops and
adds a few hits, chooses its instruments, chords, riffs, density and swing, and comes out different.
"""
from midi import DRUMS, KEYS, Score

KIT = {"K": 36, "S": 38, "R": 37, "C": 39, "H": 42, "P": 44, "O": 46, "D": 51, "B": 53, "T": 45, "L": 41, "M": 70, "W": 56,
       "G": 63, "J": 64, "V": 75, "Y": 49, "A": 54}
SCALES = {"major": [0, 2, 4, 5, 7, 9, 11], "minor": [0, 2, 3, 5, 7, 8, 10]}

GUITARS, PIANOS, SYNTHS, STRINGS, ORGANS = [24, 25, 26, 27], [0, 1, 2, 4, 5], [50, 81, 87, 89, 90], [48, 49, 50], [16, 17, 18, 19]
DISTORTED, BASSES, SYNTH_BASS, LEADS, WINDS = [29, 30], [33, 34, 36], [38, 39, 87], [80, 81, 84], [56, 60, 65, 66, 71, 73]


def style(tempo, drums, bass, comp, programs, *, beats=4, steps=4, swing=0.0, minor=0.5, lead=0.4, rubato=0.0, sevenths=False):
    return {"tempo": tempo, "drums": drums, "bass": bass, "comp": comp, "programs": programs, "beats": beats, "steps": steps,
            "swing": swing, "minor": minor, "lead": lead, "rubato": rubato, "sevenths": sevenths}


# Programs: accompaniment, bass, lead. Bass: a pattern, or walk, two (root and fifth on the strong beats), or kick (with the kick).
# Comp: a pattern, pad, arp (every step), arp2 (every other step), off (the off-beats), oom (the beats after the first).
LEARN = {
    "rock": style((100, 152), {"K": "X...?.?.X.x...?.", "S": "....X.......X...", "H": "x.x.x.x.x.x.x.x."}, "x.x.x.x.x.x.x.x.", "X.....x.X...x...",
                  (DISTORTED + [27, 18], BASSES, [29, 30, 81]), minor=0.4),
    "punk": style((160, 200), {"K": "X...x.?.X.x.x...", "S": "....X.......X...", "O": "x.x.x.x.x.x.x.x."},
                  "x.x.x.x.x.x.x.x.", "x.x.x.x.x.x.x.x.", (DISTORTED, BASSES, [29, 30]), minor=0.3, lead=0.2),
    "metal": style((140, 190), {"K": "xxxxxxxxxxxxxxxx", "S": "....X.......X...", "D": "x...x...x...x..."}, "x.xxx.xxx.xxx.xx", "X.xxX.xxX.xxX.x?",
                   ([30], [34, 33], [30, 29]), minor=0.95, lead=0.3),
    "pop": style((84, 130), {"K": "X.....x.X?....?.", "S": "....X.......X..o", "H": "x.x.x.x.x.x.x.x."}, "X.....x.X.....x.", "X...x...X..x..x.",
                 (PIANOS + [25, 89], BASSES + [38], WINDS + [11, 80, 52]), minor=0.3),
    "pop 16": style((84, 112), {"K": "X..x..x...x..?..", "S": "....X..o.o..X...", "H": "xoxoxoxoxoxoxoxo"}, "X..x..x.x.x...x.", "..x...x...x..x..",
                    (PIANOS + [27], BASSES, WINDS + [80]), minor=0.4),
    "ballad": style((56, 82), {"K": "X.......x.x.....", "S": "....X.......X...", "H": "x.x.x.x.x.x.x.x."}, "X.......X.....x.", "arp2",
                    (PIANOS, BASSES, [73, 65, 40, 52]), minor=0.4),
    "house": style((118, 130), {"K": "X...X...X...X...", "C": "....X.......X...", "O": "..x...x...x...x.", "H": "xoxoxoxoxoxoxoxo"}, "..x...x...x..xx.",
                   "?.x..x..x..x..x.", (SYNTHS + [4, 16], SYNTH_BASS, LEADS + [11]), minor=0.75),
    "trance": style((132, 145), {"K": "X...X...X...X...", "C": "....x.......x...", "O": "..X...X...X...X."}, ".xxx.xxx.xxx.xxx", "arp",
                    (SYNTHS + LEADS, SYNTH_BASS, LEADS), minor=0.8, lead=0.2),
    "drum and bass": style((164, 178), {"K": "X.........X.....", "S": "....X..o.o..X..o", "H": "x.x.x.x.x.x.x.x."}, "X.....x...X...?.", "pad",
                           ([89, 95, 50, 4], SYNTH_BASS, LEADS + [11, 73]), minor=0.8, lead=0.25),
    "hip hop": style((78, 100), {"K": "X..?..xx..X...?.", "S": "....X.......X...", "H": "x.x.x.x.x.x.xox."}, "X..x..x...x.....", "X...............",
                     (PIANOS + [48, 7], [38, 33, 39], [11, 73, 79]), minor=0.7, swing=0.12, lead=0.3),
    "funk": style((94, 118), {"K": "X.x...x...x..x..", "S": "....X..o.o..X..o", "H": "xxxxxxxxxxxxxxxx"}, "X.x..x.x..x.x.xx", "..x..xx...x..x..",
                  ([27, 4, 7, 16], [36, 37, 33], WINDS), minor=0.6, sevenths=True),
    "shuffle": style((100, 140), {"K": "X.....X.....", "S": "...X.....X..", "D": "x.xx.xx.xx.x"}, "x..x..x..x..", "X.....x.?...", (ORGANS[:3] + [26, 0], [32, 33], [22, 65, 27]),
                     steps=3, minor=0.2, sevenths=True),
    "bebop": style((165, 215), {"D": "x..x.xx..x.x", "P": "...x.....x..", "K": "o..o..o..o..", "S": "?....?..?..o"}, "walk", "?....x..?..?", ([0, 26], [32], WINDS + [11]),
                   steps=3, minor=0.35, lead=0.75, sevenths=True),
    "swing": style((108, 160), {"D": "x..x.xx..x.x", "P": "...x.....x..", "K": "x.....x.....", "S": "?....?.....?"}, "walk", "?....x..x..?", ([0, 26, 16], [32], WINDS + [11]),
                   steps=3, minor=0.35, lead=0.5, sevenths=True),
    "bossa": style((112, 146), {"K": "X.....x.X.....x.", "R": "x..x..x...x..x..", "H": "x.x.x.x.x.x.x.x."},
                   "X.....x.X.....x.", "x..x..x...x..x..", ([24, 4, 0], [32], [73, 65, 11, 66]), minor=0.4, sevenths=True),
    "samba": style((88, 112), {"K": "o..xX..xo..xX..x", "M": "xooxxooxxooxxoox", "R": "x.x.xx.x.x.xx.x."}, "o..xX..xo..xX..x", "x.x..x.x.x..x.x.",
                   ([24, 25], [32, 33], [73, 66]), minor=0.4, sevenths=True),
    "reggae": style((66, 92), {"K": "........X.......", "R": "........X......o", "H": "..x...x...x...x."}, "x...x.x...x.x...", "..X...X...X...X.", ([16, 27, 4], [33], [56, 66, 16]), minor=0.6),
    "ska": style((120, 156), {"K": "X.......X.......", "S": "....X.......X...", "H": "..x...x...x...x."}, "x...x...x...x...", "off", ([27, 16], [33, 34], [56, 57, 66]), minor=0.3),
    "country": style((96, 134), {"K": "X.......X.......", "S": "..o.X.o...o.X.o."}, "two", "....x.x.....x.xx", ([25, 24, 105], [32, 33], [22, 110, 40, 25]), minor=0.15),
    "polka": style((104, 132), {"K": "X...X...", "S": "..x...x."}, "two", "off", ([21, 24], [58, 32], [21, 71, 40]), beats=2, minor=0.2),
    "waltz": style((84, 150), {"K": "X...........", "P": "....x...x..."}, "X...........", "oom", ([48, 21, 0, 24], [43, 32], [40, 73, 71, 21]), beats=3, minor=0.35),
    "jazz waltz": style((120, 180), {"D": "x..x.xx..", "P": "...x.....", "K": "X........", "S": "?....?..?"}, "X.....x..", "?..?.x..?", ([0, 26], [32], WINDS + [11]),
                        beats=3, steps=3, minor=0.4, lead=0.5, sevenths=True),
    "6/8 ballad": style((48, 66), {"K": "X.....o.x...", "S": "......X.....", "H": "x.x.x.x.x.x."}, "X.....X...x.", "arp2", (PIANOS + [25], BASSES, [52, 65, 40]), beats=2, steps=6, minor=0.4),
    "jig": style((104, 128), {"A": "x.xx.x"}, "X..X..", "X.xX.x", ([25, 24, 46], [32, 43], [73, 40, 22, 109]), beats=2, steps=3, minor=0.4, lead=0.95),
    "strings": style((60, 110), None, "X.......X.......", "pad", (STRINGS, [42, 43], [40, 60, 71, 68]), minor=0.5, rubato=0.3),
    "strings pulse": style((84, 140), None, "X...X...X...X...", "x.x.x.x.x.x.x.x.", ([45, 48, 44], [43, 42], [40, 60, 71]), minor=0.5),
    "piano": style((60, 140), None, "X...x...X...x...", "arp2", ([0, 1], [0], [0]), minor=0.5, rubato=0.5),
    "folk": style((80, 130), None, "two", "x.x.x.x.x.x.x.x.", ([24, 25, 105, 46], [32], [22, 110, 73, 40]), minor=0.3),
    "choir": style((56, 92), None, "X.......X.......", "pad", ([52, 53, 19], [19, 52], [52, 68]), minor=0.5, rubato=0.3),
    "chip": style((110, 175), {"K": "X...?...X.x.....", "S": "....X.......X...", "H": "x.x.x.x.x.x.x.x."}, "x.x.x.x.x.x.x.x.", "arp", ([80, 81], [80, 87], [80, 82]), minor=0.5, lead=0.6),
    "5/4": style((130, 176), {"D": "x..x.xx.xx.x..x", "K": "X........x.....", "P": "...x.....x....."}, "X....x...x..x..", "X....x...X.....", ([0, 26], [32], [65, 66, 11]),
                 beats=5, steps=3, minor=0.7, lead=0.5, sevenths=True),
}
TUNE = {
    "disco": style((108, 128), {"K": "X...X...X...X...", "S": "....X.......X...", "O": "..x...x...x...x.", "H": "x.xxx.xxx.xxx.xx"}, "x.x.x.x.x.x.x.x.", "..x..x..x.x..x..",
                   ([27, 48, 4, 61], [33, 36], [56, 48, 65]), minor=0.6),
    "thrash": style((165, 205), {"K": "X.x.X.x.X.x.X.x.", "S": "....X.......X...", "H": "x...x...x...x..."}, "x.x.x.x.x.x.x.x.", "X.xxX.xxX.x.X.x.",
                    ([30], [34], [30]), minor=0.95, lead=0.2),
    "breakbeat": style((124, 142), {"K": "X.x.......xx....", "S": "....X..x.x..X..x", "H": "x.x.x.x.x.x.x.x."}, "X..x..x...x.x...", "pad", (SYNTHS + [16], SYNTH_BASS, LEADS), minor=0.7, lead=0.3),
    "techno": style((126, 142), {"K": "X...X...X...X...", "H": "..x...x...x...x.", "R": "?..x..x...?..x.?"}, "..xx..xx..xx..xx", "?......?..?.....", (SYNTHS, SYNTH_BASS, LEADS), minor=0.9, lead=0.1),
    "soul": style((96, 124), {"K": "X.....x.X.x.....", "S": "x...x...x...x...", "A": "....x.......x..."}, "X..x..x.X..x.xx.", "....x.......x...", ([0, 27, 16], BASSES, [65, 56, 52]), minor=0.4, sevenths=True),
    "quickstep": style((186, 208), {"K": "X.....X.....", "S": "...x.o...x.o", "P": "...x.....x.."}, "two", "...x.....x..", ([0, 26, 61], [32, 43], [65, 71, 56]), steps=3, minor=0.25, lead=0.6, sevenths=True),
    "foxtrot": style((110, 126), {"K": "X.....X.....", "S": "...x.o...x.o", "P": "...x.....x.."}, "two", "...x.....x..", ([0, 26, 61], [32, 43], [65, 71, 56]), steps=3, minor=0.25, lead=0.5, sevenths=True),
    "cha cha": style((108, 128), {"W": "x...x...x...x...", "G": "..x...x...x.....", "J": "............x.x.", "K": "X.......X......."}, "X.....x.X.....x.", "..x...x...x...x.", ([0, 24], [32], [56, 73]), minor=0.6),
    "viennese waltz": style((160, 186), {"K": "X.....", "S": "..x.x."}, "X.....", "oom", ([48, 45, 21], [43], [40, 48, 73]), beats=3, steps=2, minor=0.3, lead=0.6),
    "march": style((100, 126), {"K": "X...X...", "S": "x.xxx.xx", "Y": "X......."}, "two", "off", ([61, 58, 60], [58], [56, 72, 73]), beats=2, minor=0.2, lead=0.6),
    "tango": style((112, 132), None, "X...X...X...X.x.", "X...X...X...X.x.", ([21, 0, 48], [43, 32], [40, 21]), minor=0.9),
    "gospel 12/8": style((54, 76), {"K": "X.....X..x..", "S": "...X.....X..", "D": "xxxxxxxxxxxx"}, "X....xX....x", "x.xx.xx.xx.x", ([0, 16, 17], [33], [52, 65]), steps=3, minor=0.2, sevenths=True),
    "baroque": style((66, 110), None, "X...x...x...x...", "?...x.x.?...x.x.", ([6, 19], [42, 6], [6, 40, 73, 68]), minor=0.5, lead=0.9),
    "harp": style((70, 120), None, "X...........", "arp2", ([46, 24, 11], [46, 42], [73, 40]), beats=3, minor=0.5, rubato=0.4),
    "jazz ballad": style((54, 76), {"D": "x..x.xx..x.x", "P": "...x.....x..", "S": "o..o..o..o.."}, "X.....X.....", "?.....?..x..", ([0, 26], [32], [65, 66, 56]), steps=3, minor=0.4, lead=0.35, sevenths=True),
}
SETS = {"learn": LEARN, "learn-harmony": LEARN, "tune": TUNE}
LEVELS = {"X": 108, "x": 88, "o": 52, "?": 74}

PROGRESSIONS = {
    "major": [[0, 4, 5, 3], [0, 3, 4, 4], [0, 5, 3, 4], [0, 5, 1, 4], [0, 3, 0, 4], [0, 0, 3, 4], [0, 2, 3, 4], [1, 4, 0, 0], [0, 3, 1, 4], [0, 4, 0, 4]],
    "minor": [[0, 5, 2, 6], [0, 3, 4, 0], [0, 6, 5, 4], [0, 5, 3, 4], [0, 3, 6, 2], [0, 0, 3, 4], [1, 4, 0, 0], [0, 6, 5, 6]],
}


class Band:
    def __init__(self, r, name, spec, seconds, varied):
        self.r, self.spec, self.varied, self.halves, self.turn = r, spec, varied, False, [4, 3, 4, 0]
        low, high = spec["tempo"]
        self.bpm = low * (high / low) ** r.random()
        self.beats, self.steps = spec["beats"], spec["steps"]
        self.per_bar = self.beats * self.steps
        self.mode = "minor" if r.random() < spec["minor"] else "major"
        self.tonic = r.randrange(12)
        self.length = seconds
        self.bars = int(seconds * self.bpm / 60 / self.beats) + 2
        self.wander = self.tempo_curve(spec["rubato"] if r.random() < 0.7 else 0)
        self.score = Score(self.seconds, r.uniform(-40, 40) if r.random() < 0.3 else 0)
        self.tight = r.choice([0.002, 0.005, 0.010])
        self.swing = spec["swing"] if spec["swing"] else (0.25 * r.random() if r.random() < 0.1 and self.steps == 4 else 0)
        self.modulation = (self.bars * 2 // 3, r.choice([1, 2, 5, 7])) if r.random() < 0.08 else (self.bars, 0)
        self.meter = f"{self.beats}/4" if self.steps in (2, 3, 4) and name not in ("jig",) else "6/8"

    def tempo_curve(self, depth):
        """Seconds at every beat: the tempo swells and ebbs by up to `depth` × 20 %."""
        times, now = [0.0], 0.0
        from math import pi, sin
        period, phase = self.r.uniform(8, 24), self.r.uniform(0, 2 * pi)
        for beat in range(self.bars * self.beats + 8):
            now += 60 / (self.bpm * (1 + 0.1 * depth * sin(2 * pi * beat / period + phase) + 0.05 * depth * self.r.uniform(-1, 1)))
            times.append(now)
        return times

    def seconds(self, beat):
        index = min(int(beat), len(self.wander) - 2)
        return self.wander[index] + (beat - index) * (self.wander[index + 1] - self.wander[index])

    def mean_bpm(self):
        beats = max(1, sum(1 for t in self.wander if t <= self.length) - 1)
        return 60 * beats / self.wander[beats]

    def at(self, bar, step):
        late = self.swing / self.steps if step % 2 else 0
        return bar * self.beats + step / self.steps + late

    def human(self):
        return self.r.gauss(0, self.tight)

    def degree(self, degree, octave, bar=0, raised=False):
        first, by = self.modulation
        lift = by if bar >= first else 0
        pitch = SCALES[self.mode][degree % 7] + (1 if raised and self.mode == "minor" and degree % 7 == 6 else 0)
        return 12 * (octave + degree // 7) + self.tonic + lift + pitch

    def chord(self, root, bar):
        sizes = (0, 2, 4, 6) if self.spec["sevenths"] else (0, 2, 4)
        dominant = root % 7 == 4
        return [self.degree(root + d, 4, bar, raised=dominant and d == 2) + (12 if self.degree(root + d, 4, bar) < 52 else 0) for d in sizes]

    def hits(self, pattern):
        """One bar's (step, velocity)."""
        out = []
        for step, c in enumerate(pattern):
            if c == "." and self.r.random() > 0.012 or c == "?" and self.r.random() < 0.55 or self.r.random() < 0.03:
                continue
            out.append((step, LEVELS.get(c, 50) + self.r.randrange(-8, 9)))
        return out

    def play(self):
        r, spec = self.r, self.spec
        chords, basses, leads = spec["programs"]
        self.score.program(0, r.choice(chords), r.randrange(60, 110), r.randrange(30, 98))
        self.score.program(1, r.choice(basses), r.randrange(75, 120))
        self.score.program(2, r.choice(leads), r.randrange(60, 110), r.randrange(40, 90))
        self.score.program(DRUMS, r.choice([0, 0, 8, 16, 25]) if spec["steps"] == 4 else 0, r.randrange(65, 122))
        progression = r.choice(PROGRESSIONS[self.mode])
        if r.random() < 0.3:
            progression = progression + r.choice(PROGRESSIONS[self.mode])
        hold = 2 if self.bpm > 150 and r.random() < 0.5 else 1
        if self.varied:
            hold = r.choice([1, 1, 2, 2]) if self.bpm > 110 else 1
            self.halves = self.beats % 2 == 0 and r.random() < (0.15 if self.bpm > 150 else 0.35)
        octave, melody = r.choice([5, 5, 6]), self.riff()
        for bar in range(self.bars):
            root = progression[bar // hold % len(progression)]
            following = progression[(bar + 1) // hold % len(progression)]
            self.drums(bar)
            for self.window, root in self.segments(bar, root):
                self.bass(bar, root, following)
                self.comp(bar, root)
            self.melody(bar, root, melody[bar % len(melody)] if r.random() < 0.75 else self.line(), octave)
        return self.score

    def segments(self, bar, root):
        """((first step, step behind the last), root) of the chords of a bar: one, or two where chords last half a bar."""
        half = self.per_bar // 2
        if not self.halves:
            return [((0, self.per_bar), root)]
        return [((0, half), root), ((half, self.per_bar), root + self.turn[bar % len(self.turn)])]

    def put(self, bar, step, length, channel, pitch, velocity):
        first, behind = self.window
        if not first <= step < behind:
            return
        if self.varied:  # Where chords may change in mid-bar, notes end with their chord.
            length = min(length, (behind - step) / self.steps)
        self.score.note(self.at(bar, step), length, channel, pitch, velocity, self.human())

    def drums(self, bar):
        for instrument, pattern in (self.spec["drums"] or {}).items():
            for step, velocity in self.hits(pattern):
                self.score.note(self.at(bar, step), 0.5 / self.steps, DRUMS, KIT[instrument], velocity, self.human())
        if self.spec["drums"] and bar % 4 == 3 and self.r.random() < 0.25:
            for step in range(self.per_bar - self.steps, self.per_bar):
                self.score.note(self.at(bar, step), 0.1, DRUMS, self.r.choice([38, 45, 41]), self.r.randrange(70, 110), self.human())

    def bass(self, bar, root, following):
        kind, play = self.spec["bass"], lambda step, length, pitch, v: self.put(
            bar, step, length, 1, pitch, v + self.r.randrange(-8, 9))
        low = self.degree(root, 2, bar)
        low += 12 if low < 31 else 0
        if kind == "walk":
            target = self.degree(following, 2, bar)
            target += 12 if target < 31 else 0
            line = [low, self.degree(root + 2, 2, bar), self.degree(root + 4, 2, bar), target + self.r.choice([-1, 1, 2])]
            for beat in range(self.beats):
                pitch = line[0] if beat == 0 else line[3] if beat == self.beats - 1 else line[1 + beat % 2]
                play(beat * self.steps, 0.9, pitch, 92)
        elif kind == "two":
            for k, beat in enumerate(range(0, self.beats, 2 if self.beats > 2 else 1)):
                fifth = self.degree(root + 4, 2, bar)
                play(beat * self.steps, 0.8, low if k % 2 == 0 else fifth, 92)
        else:
            hits = self.hits(kind)
            for k, (step, velocity) in enumerate(hits):
                end = hits[k + 1][0] if k + 1 < len(hits) else self.per_bar
                pitch = low if step == 0 or self.r.random() < 0.75 else self.r.choice([low + 12, self.degree(root + 4, 2, bar)])
                play(step, 0.9 * (end - step) / self.steps, pitch, velocity)

    def comp(self, bar, root):
        kind, notes = self.spec["comp"], self.chord(root, bar)
        if kind == "pad":
            for pitch in notes:
                self.put(bar, self.window[0], self.beats * 0.98, 0, pitch, self.r.randrange(60, 84))
        elif kind in ("arp", "arp2"):
            order = notes + [notes[0] + 12] + (notes[1:][::-1] if self.per_bar > 8 else [])
            for k, step in enumerate(range(0, self.per_bar, 1 if kind == "arp" else 2)):
                self.put(bar, step, 1.8 / self.steps, 0, order[k % len(order)], (78 if step % self.steps == 0 else 66) + self.r.randrange(-8, 9))
        else:
            if kind == "off":
                hits = [(beat * self.steps + self.steps // 2, 88) for beat in range(self.beats)]
            elif kind == "oom":
                hits = [(beat * self.steps, 76) for beat in range(1, self.beats)]
            else:
                hits = self.hits(kind)
            for k, (step, velocity) in enumerate(hits):
                end = hits[k + 1][0] if k + 1 < len(hits) else self.per_bar
                length = min(end - step, self.steps) / self.steps * 0.85
                for pitch in notes:
                    self.put(bar, step, length, 0, pitch, velocity - 12 + self.r.randrange(-6, 7))

    def riff(self):
        return [self.line() for _ in range(self.r.choice([1, 2, 2, 4]))]

    def line(self):
        """A bar of melody: (step, length, movement)."""
        out, finest = [], 1 if self.spec["lead"] > 0.7 or self.bpm < 90 else max(1, self.steps // 2)
        for step in range(0, self.per_bar, finest):
            chance = self.spec["lead"] * (1.25 if step % self.steps == 0 else 0.8)
            if self.r.random() < chance:
                out.append((step, self.r.choice([1, 1, 2, 2, 4]) * finest, self.r.choice([-2, -1, -1, 0, 1, 1, 2])))
        return out

    def melody(self, bar, root, line, octave):
        at = root if self.r.random() < 0.6 else root + 2
        for step, length, move in line:
            at = max(-3, min(9, at + move))
            if step % self.steps == 0 and self.r.random() < 0.6:
                at = min((root + d + o for d in (0, 2, 4) for o in (-7, 0, 7)), key=lambda d: abs(d - at))
            self.score.note(self.at(bar, step), length / self.steps, 2, self.degree(at, octave, bar, raised=root % 7 == 4),
                            86 + self.r.randrange(-12, 20), self.human())

    def key(self):
        return f"{KEYS[self.tonic]} {self.mode}"


def compose(r, set_name, index, seconds):
    """(score, truth)"""
    styles = SETS[set_name]
    name = list(styles)[index % len(styles)]
    band = Band(r, name, styles[name], seconds, varied=set_name != "learn")
    return band.play(), {"bpm": band.mean_bpm(), "key": band.key(), "style": name, "meter": band.meter}
