"""Calls methods of the protocol and holds what comes back against both of its descriptions."""

import hashlib
import json
import os
import re
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import xmlschema

HERE = Path(__file__).parent
NAMESPACE = "{http://subsonic.org/restapi}"
JSON_SCHEMA = json.loads((HERE / "opensubsonic.json").read_text())
XML_SCHEMA = xmlschema.XMLSchema(HERE / "subsonic-rest-api.xsd")

# What Navidrome added; what OpenSubsonic did is in its description.
ADDED = {"folderCount", "lastScan", "scanType", "elapsedTime", "error"}
# Payloads of OpenSubsonic alone.
NEW_PAYLOADS = {"openSubsonicExtensions", "tokenInfo", "lyricsList", "playQueueByIndex", "sonicMatch"}


def names_of_new():
    names = set()

    def walk(value):
        if isinstance(value, dict):
            names.update(value.get("properties", {}))
            for part in value.values():
                walk(part)
        elif isinstance(value, list):
            for part in value:
                walk(part)

    walk(JSON_SCHEMA)
    return names


ADDED |= names_of_new()


class Failed(Exception):
    def __init__(self, code, message):
        super().__init__(f"{code}: {message}")
        self.code = code


class Server:
    def __init__(self, url, **sign_in):
        self.url = url
        self.sign_in = sign_in
        self.called = set()

    def credentials(self):
        sign_in = dict(self.sign_in)
        if "secret" in sign_in:
            secret, salt = sign_in.pop("secret"), os.urandom(8).hex()
            sign_in.update(t=hashlib.md5((secret + salt).encode()).hexdigest(), s=salt)
        return sign_in

    def fetch(self, method, form, post=False, headers=None):
        """Status, headers and bytes, whatever the status."""
        fields = []
        for name, value in {"v": "1.16.1", "c": "check", **self.credentials(), **form}.items():
            for item in value if isinstance(value, list) else [value]:
                fields.append((name, item))
        query = urllib.parse.urlencode(fields)
        address = f"{self.url}/rest/{method}"
        request = (
            urllib.request.Request(address, data=query.encode()) if post
            else urllib.request.Request(f"{address}?{query}")
        )
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return response.status, response.headers, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def json(self, method, post=False, **form):
        self.called.add(method)
        status, headers, body = self.fetch(method, {**form, "f": "json"}, post)
        assert headers["Content-Type"] == "application/json", f"{method}: {headers['Content-Type']}"
        answer = json.loads(body)
        schema = JSON_SCHEMA["methods"].get(method) or JSON_SCHEMA["methods"]["ping"]
        try:
            jsonschema.validate(
                answer, {**schema, "$defs": JSON_SCHEMA["$defs"]}, jsonschema.Draft202012Validator,
                format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
        except jsonschema.ValidationError as error:
            best = jsonschema.exceptions.best_match([error])
            raise AssertionError(f"{method}: {best.json_path}: {best.message[:300]}") from None
        response = answer["subsonic-response"]
        if response["status"] == "failed":
            raise Failed(response["error"]["code"], response["error"]["message"])
        return response

    def xml(self, method, post=False, **form):
        self.called.add(method)
        status, headers, body = self.fetch(method, form, post)
        assert headers["Content-Type"] == "text/xml; charset=utf-8", f"{method}: {headers['Content-Type']}"
        root = ET.fromstring(body)
        if root.attrib["status"] == "failed":
            error = root.find(f"{NAMESPACE}error")
            validate(method, root)
            raise Failed(int(error.attrib["code"]), error.attrib["message"])
        if not any(child.tag.removeprefix(NAMESPACE) in NEW_PAYLOADS for child in root):
            validate(method, root)
        return root

    def both(self, method, **form):
        """The same by GET in XML and by form POST in JSON; answers the latter."""
        self.xml(method, **form)
        return self.json(method, post=True, **form)

    def bytes(self, method, headers=None, **form):
        self.called.add(method)
        status, headers, body = self.fetch(method, form, headers=headers)
        assert not headers["Content-Type"].startswith("text/xml"), f"{method}: {body[:300]}"
        return status, headers, body

    def fails(self, code, method, **form):
        """In both formats, with the status of an answer that is well."""
        for ask in (self.xml, self.json):
            try:
                ask(method, **form)
            except Failed as failed:
                assert failed.code == code, f"{method} {form}: {failed}, not {code}"
            else:
                raise AssertionError(f"{method} {form} did not fail")


def validate(method, root):
    """The older description knows nothing of what was added since: that is taken out before, and nothing else."""
    for queue in root.iter(NAMESPACE + "playQueue"):
        # A number there, though ids are text everywhere else, and here in the newer description.
        queue.attrib.pop("current", None)
    while True:
        removed = False
        for error in XML_SCHEMA.iter_errors(root):
            reason = error.reason or ""
            attribute = re.match(r"'(\w+)' attribute not allowed", reason)
            child = re.match(r"Unexpected child with tag 's?u?b?:?(?:\{[^}]*\})?(\w+)'", reason)
            if attribute and attribute[1] in ADDED:
                removed = error.elem.attrib.pop(attribute[1], None) is not None
            elif child and child[1] in ADDED:
                for unknown in error.elem.findall(NAMESPACE + child[1]):
                    error.elem.remove(unknown)
                    removed = True
            if not removed:
                raise AssertionError(f"{method}: {error.path}: {reason}")
            break
        if not removed:
            return
