"""Takes traces over OTLP/HTTP, holds them against the official definitions, and writes each span as a line of JSON.

receiver.py FILE [UNAVAILABLE]: writes to FILE; the first UNAVAILABLE requests are answered with 503. The first line on
standard output is the port.
"""

import base64
import http.server
import json
import sys

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

ID_BYTES = {"traceId": 16, "spanId": 8, "parentSpanId": 8}


def as_protobuf_json(value):
    """OTLP writes ids in hexadecimal, where protobuf's JSON has base64."""
    if isinstance(value, list):
        return [as_protobuf_json(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {}
    for key, item in value.items():
        if key in ID_BYTES:
            raw = bytes.fromhex(item)
            if len(raw) != ID_BYTES[key] or not any(raw) or item != item.lower():
                raise ValueError(f"{key} is {item!r}")
            result[key] = base64.b64encode(raw).decode()
        else:
            result[key] = as_protobuf_json(item)
    return result


def plain(attributes):
    """Names to values; a name may occur once."""
    found = {}
    for attribute in attributes:
        if attribute.key in found:
            raise ValueError(f"{attribute.key} occurs twice")
        kind = attribute.value.WhichOneof("value")
        if kind is None:
            raise ValueError(f"{attribute.key} has no value")
        found[attribute.key] = getattr(attribute.value, kind)
    return found


def spans(request):
    for group in request.resource_spans:
        resource = plain(group.resource.attributes)
        if not resource.get("service.name"):
            raise ValueError("the resource has no service.name")
        for scope in group.scope_spans:
            for span in scope.spans:
                if not span.name or span.kind == 0 or not 0 < span.start_time_unix_nano <= span.end_time_unix_nano:
                    raise ValueError(f"no name, no kind or no time: {span}")
                yield {
                    "trace": span.trace_id.hex(),
                    "span": span.span_id.hex(),
                    "parent": span.parent_span_id.hex(),
                    "name": span.name,
                    "kind": span.kind,
                    "start": span.start_time_unix_nano,
                    "end": span.end_time_unix_nano,
                    "attributes": plain(span.attributes),
                    "links": [link.trace_id.hex() for link in span.links],
                    "failed": span.status.code == 2,
                    "message": span.status.message,
                    "resource": resource,
                }


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    unavailable = int(sys.argv[2]) if len(sys.argv) > 2 else 0

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if Receiver.unavailable > 0:
            Receiver.unavailable -= 1
            return self.answer(503, b"later", {"retry-after": "0"})
        try:
            if self.path != "/v1/traces" or self.headers["content-type"] != "application/json":
                raise ValueError(f"{self.path} with {self.headers['content-type']}")
            message = json_format.ParseDict(as_protobuf_json(json.loads(body)), ExportTraceServiceRequest())
            lines = [json.dumps(span) for span in spans(message)]
        except Exception as error:  # whatever it is, the test is to see it
            lines = [json.dumps({"problem": f"{type(error).__name__}: {error}"})]
        with open(sys.argv[1], "a") as file:
            file.write("".join(line + "\n" for line in lines))
        self.answer(200, b'{"partialSuccess":{}}', {"content-type": "application/json"})

    def answer(self, status, body, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_address[1], flush=True)
server.serve_forever()
