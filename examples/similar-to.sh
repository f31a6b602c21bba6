#!/usr/bin/env bash
# Lists what sounds like the first track that a search finds:  similar-to.sh WORD...
set -euo pipefail

url=${SILLON_URL:-http://127.0.0.1:8080}
[ $# -gt 0 ] || { echo "usage: similar-to.sh WORD..." >&2; exit 64; }
api() { curl -sS --fail-with-body -H "Authorization: Bearer ${SILLON_TOKEN:?the access token}" "$@"; }

found=$(api -G --data-urlencode "q=$*" -d limit=1 "$url/v1/search")
track=$(jq -r '.items[0].id // empty' <<<"$found")
[ -n "$track" ] || { echo "nothing is found for: $*" >&2; exit 1; }
jq -r '.items[0] | "\(.artist): \(.title)"' <<<"$found"
api "$url/v1/tracks/$track/similar?limit=10" |
    jq -r '.items[] | "  \(.score * 100 | round) %  \(.track.artist): \(.track.title)"'
