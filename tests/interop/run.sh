#!/usr/bin/env bash
# Runs every script beside it, or those that are named. Exits non-zero where one failed.
# INTEROP_RESULTS=FILE gets a line "passed failed" from each.
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
scripts=("$@")
[ ${#scripts[@]} -gt 0 ] || scripts=(
  textbook swaks msmtp relay dns proxy cluster big kill9
  imap-curl imap-mbsync imap-imaplib imap-imapflow imap-mutt imap-offlineimap imap-fetchmail imap-import
)
status=0
for script in "${scripts[@]}"; do
  "./$script.sh" || status=1
done
exit $status
