"""What Sillon is made of besides its own code: the pinned Swift packages, and the libraries that the program loads.

Read from what is there (Package.resolved, the checkouts of the build, the program itself, dpkg), so it names nothing
that is not used. `ops/sbom` and `ops/notices` write it down."""

import json
import os
import re
import subprocess
import sys

# What the first lines of a licence file say, and its name in SPDX's list.
LICENCE_SIGNS = [
    (r"Apache License\s+Version 2\.0", "Apache-2.0"),
    (r"Permission is hereby granted, free of charge", "MIT"),
    (r"Redistribution and use in source and binary forms", "BSD-3-Clause"),
]
RUNTIME_EXCEPTION = "Runtime Library Exception"


def fail(sentence):
    sys.exit(f"error: {sentence}")


def licence_of(text, where):
    """The SPDX expression of a licence file; unknown words end the program, so that nothing is guessed."""
    start = " ".join(text[:3000].split())
    for sign, name in LICENCE_SIGNS:
        if re.search(sign, start):
            if name == "Apache-2.0" and RUNTIME_EXCEPTION in text:
                return "Apache-2.0 WITH Swift-exception"
            return name
    fail(f"{where} is a licence that ops/components.py does not know")


def swift_packages():
    """The packages of Package.resolved with the licence files of their checkouts."""
    try:
        with open("Package.resolved", encoding="utf-8") as file:
            pins = json.load(file)["pins"]
    except FileNotFoundError:
        fail("there is no Package.resolved: build first, or run `swift package resolve`")
    packages = []
    for pin in sorted(pins, key=lambda pin: pin["identity"]):
        address = re.sub(r"\.git$", "", pin["location"])
        folder = os.path.join(".build", "checkouts", address.rsplit("/", 1)[1])
        files = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
        licence_file = next((name for name in files if name.upper().startswith("LICENSE")), None)
        if licence_file is None:
            fail(f"{folder} has no licence file: run `swift package resolve`")
        with open(os.path.join(folder, licence_file), encoding="utf-8") as file:
            text = file.read()
        packages.append({
            "name": address.rsplit("/", 1)[1],
            "group": address.rsplit("/", 2)[1],
            "version": pin["state"]["version"],
            "revision": pin["state"]["revision"],
            "address": address,
            "licence": licence_of(text, os.path.join(folder, licence_file)),
            "licence_file": licence_file,
            "has_notice": any(name.upper().startswith("NOTICE") for name in files),
        })
    return packages


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        fail(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def toolchain_version():
    """The version of the toolchain on the PATH, which is taken to have built the program."""
    found = re.search(r"Swift version (\d+(?:\.\d+)+)", run("swift", "--version"))
    return found.group(1) if found else fail("swift --version says no version")


def needed_libraries(program):
    """The shared libraries that the program itself names."""
    return set(re.findall(r"\(NEEDED\)\s+Shared library: \[([^\]]+)\]", run("readelf", "-d", program)))


def loaded_libraries(program):
    """All libraries that are loaded with the program: name and path."""
    pairs = re.findall(r"^\s*(\S+) => (/\S+) \(0x", run("ldd", program), flags=re.MULTILINE)
    if not pairs:
        fail(f"{program} loads no libraries: is it a program of this system?")
    return pairs


def owner_of(path):
    """The Debian package that a file belongs to. Merged systems know it by one of two names."""
    real = os.path.realpath(path)
    names = {path, real, re.sub(r"^/usr", "", real), os.path.join("/usr", path.lstrip("/"))}
    done = subprocess.run(["dpkg-query", "-S", *sorted(names)], capture_output=True, text=True, check=False)
    owners = re.findall(r"^([a-z0-9.+-]+)(?::[a-z0-9]+)?: ", done.stdout, flags=re.MULTILINE)
    return owners[0] if owners else None


def copyright_licences(package):
    """The short names of licences in Debian's copyright file, where it is written for machines."""
    try:
        with open(f"/usr/share/doc/{package}/copyright", encoding="utf-8", errors="replace") as file:
            text = file.read()
    except FileNotFoundError:
        return []
    if not text.startswith("Format:"):
        return []
    return sorted({name.strip() for name in re.findall(r"^License:[ \t]*(\S[^\n]*)", text, flags=re.MULTILINE)})


def debian_packages(program):
    """The Debian packages of the libraries that are loaded, with their versions; `direct` are named by the program."""
    needed = needed_libraries(program)
    packages = {}
    for name, path in loaded_libraries(program):
        owner = owner_of(path)
        if owner is None:
            # The toolchain's own libraries, of a program that was not linked with --static-swift-stdlib.
            if "/swift/" in path:
                continue
            fail(f"{path} belongs to no package")
        package = packages.setdefault(owner, {"name": owner, "libraries": [], "direct": False})
        package["libraries"].append(name)
        package["direct"] = package["direct"] or name in needed
    described = run(
        "dpkg-query", "-W", "-f=${binary:Package}\\t${Version}\\t${Architecture}\\t${source:Package}\\t${Homepage}\\n",
        *packages)
    for line in described.splitlines():
        name, version, architecture, source, homepage = line.split("\t")
        package = packages[name.split(":")[0]]
        package.update(version=version, architecture=architecture, source=source, homepage=homepage)
        package["licences"] = copyright_licences(package["name"])
    for package in packages.values():
        package["libraries"].sort()
        if "version" not in package:
            fail(f"dpkg does not know the version of {package['name']}")
    return sorted(packages.values(), key=lambda package: package["name"])
