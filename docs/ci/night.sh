#!/bin/sh
# One night: measures a suite, writes the reports, and ends with the run's exit code.
#
#   sh night.sh SUITE [option of `tryout run`]...
#
# TRYOUT_DB       the database, which has to come back every night
# TRYOUT_REPORTS  the folder for the reports (default: reports)
# TRYOUT_TIME     when the run is told to stop (default: 100m), which has to be well before the job is ended
set -eu
: "${TRYOUT_REPORTS:=reports}" "${TRYOUT_TIME:=100m}"
mkdir -p "$TRYOUT_REPORTS" "$(dirname "${TRYOUT_DB:-tryout.db}")"
if [ "${GITHUB_ACTIONS:-}" = true ]; then set -- "$@" --github; fi

# The report goes to a file: what models and providers say must not be printed where a CI system looks for commands.
# `exec`, and `timeout` as the parent, because both pass a cancelled job's signals on and a shell does not. The first
# signal lets requests in flight finish, the second one saves at once.
exec timeout --preserve-status --signal=INT --kill-after=60s "$TRYOUT_TIME" \
  tryout run "$@" --report "$TRYOUT_REPORTS" --grace 30s >"$TRYOUT_REPORTS/report.txt"
