#!/usr/bin/env bash
# Starts a scan of the first library root and follows it to its end.
set -euo pipefail

url=${SILLON_URL:-http://127.0.0.1:8080}
api() {
    curl -sS --fail-with-body -H "Authorization: Bearer ${SILLON_TOKEN:?the access token}" \
        -H 'Content-Type: application/json' "$@"
}

root=$(api "$url/v1/roots" | jq -r '.items[0].path // empty')
[ -n "$root" ] || { echo "the server has no library root" >&2; exit 1; }
scan=$(api "$url/v1/scans" -d "$(jq -n --arg path "$root" '{path: $path}')" | jq -r .scan_id)

# Server-sent events: the name of the event in one line, its JSON in the next. The server ends the stream.
event=
while IFS= read -r line; do
    case $line in
        event:*) event=${line#event: } ;;
        data:*)
            [ "$event" != progress ] ||
                jq -r '.progress | "\(.found) found, \(.indexed) read, \(.analyzed) heard, \(.tasks_left) tasks left"' \
                    <<<"${line#data: }"
            [ "$event" != end ] || break
            ;;
    esac
done < <(api -N "$url/v1/scans/$scan/events")
state=$(api "$url/v1/scans/$scan" | jq -r .state)
echo "$root: $state"
[ "$state" = finished ]
