#!/usr/bin/env python3
"""Receives webhooks of Sillon and checks that they come from it (Standard Webhooks 1.0; docs/events.md).

    WEBHOOK_KEY=whsec_… webhook-receiver.py --port 8123

The key is shown when the webhook is added. A server at another address than https has to be named to Sillon:
SILLON_WEBHOOK_HOSTS=127.0.0.1:8123."""

import argparse
import base64
import hashlib
import hmac
import http.server
import json
import os
import time

# Older messages may be recorded ones that somebody sends again.
TOLERANCE_SECONDS = 300
BODY_BYTES_MAX = 1_000_000


def signature(key, message_id, timestamp, body):
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


class Receiver(http.server.BaseHTTPRequestHandler):
    key = b""
    seen = []  # the newest ids: a delivery may come twice

    def do_POST(self):
        length = int(self.headers.get("Content-Length", "0"))
        if length > BODY_BYTES_MAX:
            return self.answer(413)
        body = self.rfile.read(length)
        message_id = self.headers.get("webhook-id", "")
        timestamp = self.headers.get("webhook-timestamp", "")
        if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
            return self.answer(400, "refused: too old, or from the future")
        wanted = signature(self.key, message_id, timestamp, body)
        # Several signatures, with a space between them, are allowed while a key changes.
        given = self.headers.get("webhook-signature", "").split(" ")
        if not any(hmac.compare_digest(wanted, one) for one in given):
            return self.answer(401, "refused: the signature is wrong")
        if message_id in self.seen:
            return self.answer(204, f"{message_id} again, passed over")
        self.seen.append(message_id)
        del self.seen[:-1000]
        event = json.loads(body)
        self.answer(204, f"{event['type']}: {json.dumps(event['data'])}")

    def answer(self, status, line=None):
        if line:
            print(line, flush=True)
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_):
        """Only what is printed above."""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=8123)
    port = parser.parse_args().port
    Receiver.key = base64.b64decode(os.environ["WEBHOOK_KEY"].removeprefix("whsec_"))
    http.server.ThreadingHTTPServer(("127.0.0.1", port), Receiver).serve_forever()


main()
