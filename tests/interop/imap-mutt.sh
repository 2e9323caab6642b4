#!/usr/bin/env bash
# mutt at a terminal of its own: reads, flags, copies, appends and deletes.
. "$(dirname "$0")/imap-lib.sh"
start_imap

write_config() {
  cat >"$work/muttrc" <<CFG
set imap_user="$user"
set imap_pass="$password"
set folder="$url"
set ssl_starttls=yes
set ssl_force_tls=yes
set ssl_usesystemcerts=no
set ssl_ca_certificates_file="$1"
set certificate_file="$work/none"
set header_cache="$work/$mode.cache"
set record=""
set move=no
set delete=yes
set confirmappend=no
set confirmcreate=no
set pipe_decode=no
set wait_key=no
set quit=yes
set sort=mailbox-order
set sleep_time=0
CFG
}

# mutt_does MAILBOX KEYS: in that mailbox, then leaves.
mutt_does() {
  HOME=$work TERM=xterm timeout ${patience:-20} script -qec "mutt -n -F '$work/muttrc' -f '$1' -e 'push \"$2<exit>\"'" /dev/null \
    </dev/null >"$work/mutt.screen" 2>&1 || { tail -c 1500 "$work/mutt.screen" | cat -v; return 1; }
}
same_piped() { cmp "$work/$mode.piped" "$work/message.lf"; }
printf 'From alice@crepes.fr Mon Nov 23 10:00:00 2026\n%s\n\n' "$(make_message "by mutt" mutt | tr -d '\r')" >"$work/mbox"

for mode in STARTTLS TLS; do
  user=$bob url=imap://$imap_host:$imap/
  [ $mode = TLS ] && user=$alice url=imaps://$imap_host:$imaps/
  write_config "$ca"
  put_message "$user" INBOX
  check "$mode: opens the INBOX and reads" mutt_does "${url}INBOX" "<pipe-message>cat >$work/$mode.piped<enter>"
  check "$mode: all octets" same_piped
  check "$mode: flags, and copies into a new folder" mutt_does "${url}INBOX" \
    "<flag-message><copy-message>=Receipts<enter><set-flag>r<sync-mailbox>"
  check "$mode: the flag is on the server" flagged "$user" INBOX 1 '\Flagged'
  check "$mode: the message is answered" flagged "$user" INBOX 1 '\Answered'
  check "$mode: the folder is there with its message" has_messages "$user" Receipts 1
  check "$mode: the copy has the same octets" same_octets "$user" Receipts 1
  check "$mode: appends from an mbox" mutt_does "$work/mbox" "<copy-message>=Receipts<enter>"
  check "$mode: it is on the server" found "$user" Receipts 1 "SUBJECT \"by mutt\""
  imap_curl "$user" Receipts -X 'STORE 1 +FLAGS (\Answered)' >"$work/stored"
  check "$mode: sees another client's flag, and deletes what has it" mutt_does "${url}Receipts" \
    "<delete-pattern>~Q<enter><sync-mailbox>"
  check "$mode: it is gone from the server" has_messages "$user" Receipts 1
  check "$mode: and no other" found "$user" Receipts 1 "SUBJECT \"by mutt\""
  check "$mode: moves a message to another folder" mutt_does "${url}INBOX" "<save-message>=Archive<enter><sync-mailbox>"
  check "$mode: it is there" has_messages "$user" Archive 1
  check "$mode: and here no more" has_messages "$user" INBOX 0
done

write_config "$work/message.eml"
# It asks, and waits for an answer that nobody gives.
patience=3 check "a certificate that is not trusted opens nothing" refused mutt_does "${url}Archive" \
  "<pipe-message>cat >$work/untrusted.piped<enter>"
check "and nothing is read" refused test -e "$work/untrusted.piped"
finish
