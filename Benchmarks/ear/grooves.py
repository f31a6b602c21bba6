"""Accompaniments by MMA (Debian's `mma`) from the grooves that it comes with: the set `mma`. Tempo and key are ours, so exact."""
import os
import subprocess
import tempfile

from midi import KEYS

# Groove: slowest and fastest tempo at which its dance or style is played, beats a bar.
GROOVES = {
    "50sRock": (116, 160, 4), "60sRock": (116, 156, 4), "8Beat": (84, 132, 4), "Ballad": (60, 84, 4), "BasicRock": (96, 144, 4), "Bebop": (160, 230, 4),
    "Beguine": (96, 124, 4), "BigBand": (120, 180, 4), "BlueGrass": (104, 140, 4), "Blues": (84, 130, 4), "BossaNova": (112, 148, 4), "Broadway": (110, 150, 4),
    "Calypso": (96, 124, 4), "ChaCha": (108, 128, 4), "Charleston": (180, 210, 4), "CountrySwing": (108, 150, 4), "CountryWaltz": (84, 130, 3),
    "Dixie": (150, 200, 4), "EasySwing": (100, 140, 4), "FastBlues": (130, 180, 4), "FastJazzWaltz": (150, 190, 3), "FastSwing": (160, 210, 4), "FastWaltz": (150, 190, 3),
    "Folk": (90, 130, 4), "FolkRock": (96, 132, 4), "Foxtrot": (110, 128, 4), "FrenchWaltz": (140, 190, 3), "GuitarBallad": (60, 90, 4), "GypsyJazz": (140, 220, 4),
    "HillCountry": (96, 130, 4), "Jazz54": (140, 180, 5), "JazzCombo": (110, 170, 4), "JazzGuitar": (100, 160, 4), "JazzRock": (100, 140, 4), "JazzWaltz": (110, 170, 3),
    "Jive": (150, 184, 4), "LatinWaltz": (100, 150, 3), "Mambo": (150, 200, 4), "MellowJazz": (80, 120, 4), "Merengue": (120, 160, 4), "ModernJazz": (110, 170, 4),
    "NiteJazz": (80, 120, 4), "PianoBallad": (60, 84, 4), "Polka": (104, 132, 4), "PopBallad": (64, 92, 4), "QuickStep": (190, 208, 4), "RagTime": (80, 110, 4),
    "R&B": (84, 116, 4), "R&B-Ballad": (60, 84, 4), "Rhumba": (96, 124, 4), "RockBallad": (66, 96, 4), "RockWaltz": (100, 150, 3), "Salsa": (160, 200, 4),
    "Samba": (90, 116, 4), "ShuffleBoggie": (110, 160, 4), "Ska": (120, 156, 4), "SlowBlues": (56, 84, 4), "SlowCountry": (66, 96, 4), "SlowJazz": (58, 84, 4),
    "SoftRock": (84, 124, 4), "Son": (140, 190, 4), "Strut": (96, 130, 4), "Swing": (110, 170, 4), "Tango": (112, 132, 4), "Trance": (130, 145, 4), "Twist": (140, 172, 4),
    "VieneseWaltz": (160, 186, 3), "Waltz": (84, 130, 3), "WesternSwing": (120, 180, 4), "Zydeco": (110, 150, 4),
}
MAJOR = [["C", "Am", "F", "G7"], ["C", "F", "G7", "C"], ["C", "Dm7", "G7", "C"], ["C", "Em", "F", "G7"], ["C", "C7", "F", "G7"], ["C", "A7", "Dm", "G7"]]
MINOR = [["Am", "Dm", "E7", "Am"], ["Am", "F", "Dm", "E7"], ["Am", "G", "F", "E7"], ["Am", "Dm", "Am", "E7"], ["Am", "C", "Dm", "E7"]]


def chart(r, groove, bpm, bars, tonic, minor):
    """An MMA chart. Chords are written in C or A minor and transposed."""
    rows = r.choice(MINOR if minor else MAJOR) + r.choice(MINOR if minor else MAJOR)
    shift = (tonic - (9 if minor else 0) + 6) % 12 - 6
    beats = GROOVES[groove][2]
    span = r.choice([0.5, 1, 1, 2] if bpm < 130 and beats == 4 else [1, 1, 2])  # bars a chord
    lines = [f"Tempo {bpm:.3f}", f"Time {beats}", f"RndSeed {r.randrange(10**6)}", f"Transpose {shift}", f"Groove {groove}"]
    for bar in range(bars):
        first, second = (rows[int((bar + part) / span) % len(rows)] for part in (0, 0.5))
        lines.append(f"{bar + 1} {first}" if first == second else f"{bar + 1} {first} / {second}")
    return "\n".join(lines) + "\n"


def compose(r, set_name, index, seconds):
    """(MIDI bytes, truth)"""
    names = list(GROOVES)
    groove = names[index % len(names)]
    low, high, beats = GROOVES[groove]
    bpm, tonic, minor = low * (high / low) ** r.random(), r.randrange(12), r.random() < 0.4
    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, "song.mma"), os.path.join(folder, "song.mid")
        with open(source, "w") as file:
            file.write(chart(r, groove, bpm, int(seconds * bpm / 60 / beats) + 2, tonic, minor))
        subprocess.run(["mma", source, "-f", target], check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=os.environ | {"HOME": folder})
        with open(target, "rb") as file:
            midi = file.read()
    truth = {"bpm": bpm, "key": f"{KEYS[tonic]} {'minor' if minor else 'major'}", "style": groove, "meter": f"{beats}/4"}
    return midi, truth
