#!/usr/bin/env bash
# ImapFlow, which servers of webmail use: asks for every extension that it is offered, and idles.
. "$(dirname "$0")/imap-lib.sh"
install_imapflow() {
  cp "$here/imap-imapflow.mjs" "$work" && cd "$work" && npm install --silent --no-fund --no-audit imapflow@1.7.8
}
install_imapflow >"$work/npm.log" 2>&1 || { cat "$work/npm.log" >&2; exit 1; }
start_imap

# The program says "ok NAME" or "not ok NAME" for each of its steps.
for mode in starttls:$imap:$bob tls:$imaps:$alice; do
  IFS=: read -r way port user <<<"$mode"
  timeout 25 node "$work/imap-imapflow.mjs" "$way" "$imap_host" "$port" "$ca" "$user" "$password" \
    "$work/message.eml" >"$work/said" 2>&1
  check "$way: runs to its end" grep -q '^done$' "$work/said"
  while read -r line; do
    check "$way: ${line#*ok }" [ "${line%% *}" = ok ]
  done < <(grep -E '^(not )?ok ' "$work/said")
  grep -E '^(ok |not ok |done$)' -v "$work/said" | sed 's/^/#   /'
  check "$way: another client sees what is left" found "$user" Archive/Old 1 FLAGGED
done
finish
