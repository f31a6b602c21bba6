#!/usr/bin/env bash
# Asks a Prometheus that scrapes Sillon how many tasks are ready and run, by role, and what was done since it started.
# PROMETHEUS_URL names it. How to scrape, alerts and dashboards: docs/metrics.md.
set -euo pipefail

url=${PROMETHEUS_URL:-http://127.0.0.1:9090}
ask() {
    curl -sS --fail-with-body -G --data-urlencode "query=$1" "$url/api/v1/query" |
        jq -e -r --arg name "$2" \
            'if .data.result == [] then error("Prometheus has no such numbers yet") else . end
             | .data.result[] | "\($name)\t\(.metric.role // .metric.kind)\t\(.value[1] | tonumber | round)"'
}

ask 'sum by (role) (sillon_tasks{state="ready"})' ready
ask 'sum by (role) (sillon_tasks{state="running"})' running
ask 'sum by (kind) (sillon_task_runs_total{ending="succeeded"}) > 0' 'done since the start'
