#!/usr/bin/env bash
# verdict.sh RESULT: fails unless every claim was tried, some were shown, and none was refuted.
set -euo pipefail
shown=$(grep -c '^yes ' "$1" || true)
refuted=$(grep -c '^NO ' "$1" || true)
skipped=$(grep -c '^-- ' "$1" || true)
echo "$shown shown, $refuted refuted, $skipped not possible here"
grep -q '^all claims were tried$' "$1" || { echo "the machine went down before the end"; exit 1; }
((shown > 0 && refuted == 0))
