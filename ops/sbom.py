"""ops/sbom: writes and checks a bill of materials of the program, in CycloneDX 1.5."""

import datetime
import hashlib
import json
import os
import re
import subprocess
import sys
import urllib.parse
import uuid

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import components  # noqa: E402

PURL = re.compile(r"^pkg:(swift|deb|generic)/[A-Za-z0-9.+_~%/-]+@[A-Za-z0-9.+_~%:-]+(\?[a-z]+=[A-Za-z0-9.+_%-]+(&[a-z]+=[^&]+)*)?$")


def program_version(program):
    return components.run(program, "--version").strip()


def swift_component(package):
    purl = f"pkg:swift/github.com/{package['group']}/{package['name']}@{package['version']}"
    return {
        "type": "library",
        "bom-ref": purl,
        "group": package["group"],
        "name": package["name"],
        "version": package["version"],
        "scope": "required",
        "licenses": [{"expression": package["licence"]}],
        "purl": purl,
        "externalReferences": [{"type": "vcs", "url": package["address"]}],
        "properties": [
            {"name": "sillon:revision", "value": package["revision"]},
            {"name": "sillon:linked", "value": "statically"},
        ],
    }


def debian_component(package):
    version = urllib.parse.quote(package["version"], safe=".+~-")
    purl = f"pkg:deb/debian/{package['name']}@{version}?arch={package['architecture']}"
    component = {
        "type": "library",
        "bom-ref": purl,
        "name": package["name"],
        "version": package["version"],
        "scope": "required",
        "purl": purl,
        "properties": [
            {"name": "sillon:linked", "value": "named by the program" if package["direct"] else "loaded with a library"},
            {"name": "sillon:libraries", "value": " ".join(package["libraries"])},
            {"name": "sillon:source-package", "value": package["source"]},
        ],
    }
    if package["homepage"]:
        component["externalReferences"] = [{"type": "website", "url": package["homepage"]}]
    if package["licences"]:
        component["licenses"] = [{"license": {"name": name}} for name in package["licences"]]
    return component


def runtime_component(version):
    """The language's own libraries, which --static-swift-stdlib puts into the program."""
    purl = f"pkg:swift/github.com/swiftlang/swift@{version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "group": "swiftlang",
        "name": "swift",
        "version": version,
        "scope": "required",
        "licenses": [{"expression": "Apache-2.0 WITH Swift-exception"}],
        "purl": purl,
        "externalReferences": [{"type": "vcs", "url": "https://github.com/swiftlang/swift"}],
        "properties": [{"name": "sillon:linked", "value": "statically"}],
    }


def has_static_runtime(program):
    return not any(name.startswith("libswiftCore") for name in components.needed_libraries(program))


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(program, path):
    libraries = [swift_component(package) for package in components.swift_packages()]
    packages = components.debian_packages(program)
    if has_static_runtime(program):
        libraries.append(runtime_component(components.toolchain_version()))
    direct = [part["bom-ref"] for part in libraries]
    direct += [debian_component(package)["bom-ref"] for package in packages if package["direct"]]
    libraries += [debian_component(package) for package in packages]
    version = program_version(program)
    root = f"pkg:generic/sillon@{version}"
    # Not the clock's: the same program gives the same bill.
    seconds = int(os.environ.get("SOURCE_DATE_EPOCH") or os.path.getmtime(program))
    made = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, digest(program))}",
        "version": 1,
        "metadata": {
            "timestamp": made.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": "sillon",
                "version": version,
                "purl": root,
                "licenses": [{"license": {"id": "GPL-3.0-or-later"}}],
                "hashes": [{"alg": "SHA-256", "content": digest(program)}],
            },
        },
        "components": libraries,
        "dependencies": [{"ref": root, "dependsOn": sorted(direct)}],
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(bill, file, indent=2, ensure_ascii=False)
        file.write("\n")


def check(program, path):
    """Holds the bill against the format and against the program: nothing missing, nothing twice, nothing dangling."""
    with open(path, encoding="utf-8") as file:
        bill = json.load(file)
    problems = []

    def expect(holds, sentence):
        if not holds:
            problems.append(sentence)

    expect(bill.get("bomFormat") == "CycloneDX" and bill.get("specVersion") == "1.5", "it is no CycloneDX 1.5")
    expect(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", bill.get("serialNumber", "")), "its serial number is no UUID")
    expect(set(bill) == {
        "bomFormat", "specVersion", "serialNumber", "version", "metadata", "components", "dependencies"},
        f"its fields are {sorted(bill)}")
    root = bill["metadata"]["component"]
    expect(root["version"] == program_version(program), f"it is about version {root['version']}")
    expect(root["hashes"] == [{"alg": "SHA-256", "content": digest(program)}], "it is about another program")
    references = [root["bom-ref"]]
    for part in bill["components"]:
        references.append(part["bom-ref"])
        expect(PURL.match(part["purl"]), f"{part['purl']} is no package URL")
        expect(part["type"] == "library" and part["name"] and part["version"], f"{part['bom-ref']} is incomplete")
        for licence in part.get("licenses", []):
            expect(set(licence) in ({"expression"}, {"license"}), f"{part['bom-ref']} has a licence {licence}")
    expect(len(set(references)) == len(references), "a component is there twice")
    for entry in bill["dependencies"]:
        for reference in [entry["ref"], *entry["dependsOn"]]:
            expect(reference in references, f"{reference} is nowhere described")
    named = {part["name"]: part for part in bill["components"]}
    for package in components.swift_packages():
        part = named.get(package["name"], {})
        expect(part.get("version") == package["version"], f"{package['name']} {package['version']} is not in it")
    expect("swift" in named or not has_static_runtime(program), "Swift's own libraries are not in it")
    libraries = {library for part in bill["components"] for entry in part["properties"]
                 if entry["name"] == "sillon:libraries" for library in entry["value"].split()}
    for library in components.needed_libraries(program):
        known = library in libraries or library.startswith(("ld-linux", "libswift", "libFoundation", "lib_Foundation"))
        expect(known or library in ("libdispatch.so", "libBlocksRuntime.so"), f"{library} is not in it")
    # These are what the program cannot do without; their absence would be a fault of ops/components.py.
    for name in ["libavformat", "libavcodec", "libtag", "libchromaprint", "libpq", "libsqlite3"]:
        expect(any(library.startswith(f"{name}.so") for library in libraries), f"{name} is not in it")
    if problems:
        components.fail(f"{path}: " + "; ".join(problems))
    swift = sum(part["purl"].startswith("pkg:swift/") for part in bill["components"])
    print(f"== {path}: {swift} Swift libraries, {len(bill['components']) - swift} Debian packages")


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in ("write", "check"):
        components.fail("usage: ops/sbom.py write|check PROGRAM FILE")
    try:
        {"write": write, "check": check}[sys.argv[1]](sys.argv[2], sys.argv[3])
    except (KeyError, TypeError, json.JSONDecodeError, OSError, subprocess.SubprocessError) as problem:
        components.fail(f"{sys.argv[3]}: {type(problem).__name__}: {problem}")


main()
