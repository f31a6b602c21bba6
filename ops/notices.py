"""ops/notices: THIRD-PARTY-NOTICES.md, from the licence files of the Swift packages and Debian's copyright files."""

import json
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import components  # noqa: E402

HEAD = """# What others wrote

Made by `ops/notices` from the licence files of what is used; `ops/notices --check` holds it against a build.
Sillon itself: GPL-3.0-or-later, see [LICENSE](LICENSE) and [why](docs/decisions/0004-licence.md).

## Compiled into the program

Swift packages, as pinned when this page was made. The full texts are in their repositories and, after a build, in
`.build/checkouts`; Apache-2.0 asks to pass on the NOTICE files of those marked with one.

| package | version | licence | NOTICE |
|---|---|---|---|
"""

AFTER_SWIFT = """
Beside these: Swift's own libraries (Apache-2.0 WITH Swift-exception, [swiftlang/swift](https://github.com/swiftlang/swift)),
with ICU in Foundation (Unicode-3.0); BoringSSL in swift-crypto and swift-nio-ssl (Apache-2.0); XKCP in
swift-crypto (CC0-1.0); llhttp in swift-nio (MIT).

## Loaded by the program, not part of it

Libraries of Debian that the program names. The packages depend on them; the container image holds them. Each package's
`/usr/share/doc/PACKAGE/copyright` has the full text. The libraries that these load in turn are in the bill of materials of
each release (`ops/sbom`).

| package | version | licence of the library as Debian builds it | from |
|---|---|---|---|
"""

TAIL = """
FFmpeg's libraries are the reason for GPL-3.0-or-later: Debian builds them with parts under the GPL, and its copyright file
says that the binaries are GPL-2+.

## In the repository, in no program

| what | licence | where |
|---|---|---|
| XML schema of the Subsonic protocol, against which tests hold answers | GPL-3.0 | `Tests/EndToEndTests/Support/subsonic` |
| OpenAPI description of OpenSubsonic, against which tests hold answers | Apache-2.0 | `Tests/EndToEndTests/Support/subsonic` |
| libebur128, against which tests hold loudness | MIT | Debian's `libebur128-1` |
"""

# What Debian's copyright files say of the library as it is built, in one expression: the files list every source file
# of the whole source package, programs and documentation too.
AS_BUILT = {
    "libavcodec59": ("GPL-2.0-or-later", "https://ffmpeg.org"),
    "libavformat59": ("GPL-2.0-or-later", "https://ffmpeg.org"),
    "libavutil57": ("GPL-2.0-or-later", "https://ffmpeg.org"),
    "libswresample4": ("GPL-2.0-or-later", "https://ffmpeg.org"),
    "libc6": ("LGPL-2.1-or-later", "https://www.gnu.org/software/libc/"),
    "libchromaprint1": ("LGPL-2.1-or-later", "https://acoustid.org/chromaprint"),
    "libgcc-s1": ("GPL-3.0-or-later WITH GCC-exception-3.1", "https://gcc.gnu.org"),
    "libpq5": ("PostgreSQL", "https://www.postgresql.org"),
    "libsqlite3-0": ("public domain", "https://www.sqlite.org"),
    "libstdc++6": ("GPL-3.0-or-later WITH GCC-exception-3.1", "https://gcc.gnu.org"),
    "libtag1v5-vanilla": ("LGPL-2.1-only OR MPL-1.1", "https://taglib.org"),
    "zlib1g": ("Zlib", "https://zlib.net"),
}
# One of these words stands in the copyright file, else the licence has changed and somebody has to look.
SIGNS = {
    "GPL-2.0-or-later": "resulting binaries are licensed under GPL v2+",
    "LGPL-2.1-or-later": "Lesser General Public",
    "GPL-3.0-or-later WITH GCC-exception-3.1": "GCC Runtime Library Exception",
    "PostgreSQL": "PostgreSQL",
    "public domain": "public-domain",
    "LGPL-2.1-only OR MPL-1.1": "LGPL-2.1 or MPL-1.1",
    "Zlib": "Zlib",
}


def debian_row(package):
    if package["name"] not in AS_BUILT:
        components.fail(f"the program loads {package['name']}, of which ops/notices.py knows nothing")
    licence, address = AS_BUILT[package["name"]]
    with open(f"/usr/share/doc/{package['name']}/copyright", encoding="utf-8", errors="replace") as file:
        if SIGNS[licence] not in " ".join(file.read().split()):
            components.fail(f"the copyright file of {package['name']} does not say \"{SIGNS[licence]}\"")
    return f"| {package['name']} | {package['version']} | {licence} | [{address.split('//')[1].strip('/')}]({address}) |"


def page(program):
    swift = [
        f"| [{package['name']}]({package['address']}) | {package['version']} | {package['licence']} |"
        f" {'yes' if package['has_notice'] else ''} |"
        for package in components.swift_packages()]
    debian = [debian_row(package) for package in components.debian_packages(program) if package["direct"]]
    return HEAD + "\n".join(swift) + "\n" + AFTER_SWIFT + "\n".join(debian) + "\n" + TAIL


def without_versions(text):
    """The page without the second column of its tables of four."""
    return re.sub(r"^(\| [^|]+ \|) [^|]+ (\| [^|]+ \| [^|]*\|)$", r"\1 \2", text, flags=re.MULTILINE)


# Files that a licence asks to pass on, also those of what a package holds of others.
PASSED_ON = re.compile(r"(LICEN[CS]E|NOTICE|COPYING)([.-].*)?", re.IGNORECASE)
# Of what is no part of the program.
LEFT_OUT = {".git", "Tests", "Benchmarks", "Examples", "IntegrationTests", "Documentation", "dev", "scripts"}


def licence_files(folder):
    """Their paths below a checkout, those of the package itself first."""
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - LEFT_OUT)
        found += [os.path.join(place, name) for name in sorted(names) if PASSED_ON.fullmatch(name)]
    return found


# Neither a checkout nor the toolchain has it. Of ICU 75 to 77; Swift 6.3 has 76.1 (_foundation_unicode/uvernum.h).
ICU_LICENCE = "ops/licences/ICU.txt"


def runtime_licence():
    """The toolchain's own: what `swift` on the PATH leads to may be a program that only chooses one."""
    paths = json.loads(components.run("swift", "-print-target-info"))["paths"]
    file = os.path.join(paths["runtimeResourcePath"], "..", "..", "share", "swift", "LICENSE.txt")
    if not os.path.exists(file):
        components.fail(f"the licence of Swift's own libraries is not there: {os.path.normpath(file)}")
    return file


def print_texts():
    """Every text once, below the names of all that it is of."""
    places = {}
    for package in components.swift_packages():
        folder = os.path.join(".build", "checkouts", package["name"])
        for file in licence_files(folder):
            with open(file, encoding="utf-8", errors="replace") as text:
                places.setdefault(text.read().strip(), []).append(
                    f"{package['name']} {package['version']}: {os.path.relpath(file, folder)}")
    with open(runtime_licence(), encoding="utf-8") as text:
        places.setdefault(text.read().strip(), []).append("the Swift standard library and runtime: LICENSE.txt")
    with open(ICU_LICENCE, encoding="utf-8") as text:
        places.setdefault(text.read().strip(), []).append("ICU, which Foundation holds: LICENSE")
    print("Licences and notices of what is compiled into Sillon, which is under the GPL, version 3 or later, itself.")
    for text, names in places.items():
        print("\n" + "=" * 80, *names, "-" * 80, text, sep="\n")


def main():
    if sys.argv[1:] == ["--texts"]:
        return print_texts()
    mode, program, path = sys.argv[1:]
    text = page(program)
    if mode == "--write":
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return
    with open(path, encoding="utf-8") as file:
        there = file.read()
    if without_versions(there) != without_versions(text):
        components.fail(f"{path} is not current: run ops/notices")


main()
