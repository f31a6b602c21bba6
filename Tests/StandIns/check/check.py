"""Drives the stand-ins with the clients that others wrote. Argument: a JSON object with addresses and keys."""

import json
import sys
import traceback


def main():
    where = json.loads(sys.argv[1])
    failed = False
    for name, options in where.items():
        try:
            __import__(f"check_{name}").check(**options)
            print(f"ok {name}", flush=True)
        except Exception:
            failed = True
            print(f"FAILED {name}\n{traceback.format_exc()}", flush=True)
    sys.exit(1 if failed else 0)


main()
