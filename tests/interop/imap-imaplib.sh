#!/usr/bin/env bash
# Python's imaplib: two sessions side by side, so that what one changes is told to the other.
. "$(dirname "$0")/imap-lib.sh"
start_imap
run() { python3 "$here/imap-imaplib.py" "$1" "$imap_host" "$2" "$ca" "$3" "$password" "$work/message.eml"; }

# The program says "ok NAME" or "not ok NAME" for each of its steps.
for mode in starttls:$imap:$bob tls:$imaps:$alice; do
  IFS=: read -r way port user <<<"$mode"
  run "$way" "$port" "$user" >"$work/said" 2>&1
  check "$way: runs to its end" grep -q '^done$' "$work/said"
  while read -r line; do
    check "$way: ${line#*ok }" [ "${line%% *}" = ok ]
  done < <(grep -E '^(not )?ok ' "$work/said")
  grep -E '^(ok |not ok |done$)' -v "$work/said" | sed 's/^/#   /'
done
finish
