#!/usr/bin/env bash
# mbsync keeps a Maildir and the server alike, both ways: messages, flags, folders, deletions.
. "$(dirname "$0")/imap-lib.sh"
start_imap

write_config() {
  cat >"$work/$mode.rc" <<CFG
IMAPAccount server
Host $imap_host
Port $port
User $user
Pass $password
SSLType $ssl
SystemCertificates no
CertificateFile $ca

IMAPStore far
Account server

MaildirStore near
Path $maildir/
Inbox $maildir/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Remove Both
Expunge Both
SyncState *
CFG
}
sync() { mbsync -c "$work/$mode.rc" -a; }
# The one message of a folder of the Maildir whose octets have the text.
near() { grep -rlF -- "$2" "$maildir/$1/cur" "$maildir/$1/new"; }
near_same() { tr -d '\r' <"$(near "$1" "$2")" | grep -v '^X-TUID' | cmp - "$work/message.lf"; }
near_flagged() { near "$1" "$2" | grep -q ":2,.*$3"; }
flag_near() {
  local file
  file=$(near "$1" "$2") && mv "$file" "$maildir/$1/cur/$(basename "${file%%:2,*}"):2,$3"
}

for mode in STARTTLS IMAPS; do
  user=$bob port=$imap ssl=STARTTLS maildir=$work/$mode
  [ $mode = IMAPS ] && user=$alice port=$imaps ssl=IMAPS
  mkdir -p "$maildir"
  write_config
  put_message "$user" INBOX
  check "$mode: the first run" sync
  check "$mode: the message is in the Maildir with all octets" near_same INBOX hard@crepes.fr

  make_message "put near" near | tr -d '\r' >"$maildir/INBOX/new/1700000000.1_1.host"
  check "$mode: a message put into the Maildir" sync
  check "$mode: is on the server" has_messages "$user" INBOX 2
  check "$mode: and found there" found "$user" INBOX 1 "SUBJECT \"put near\""

  imap_curl "$user" INBOX -X 'STORE 1 +FLAGS (\Flagged \Answered)' >"$work/stored"
  flag_near INBOX near@crepes.fr S
  check "$mode: flags set on both sides" sync
  check "$mode: the server's are in the Maildir" near_flagged INBOX hard@crepes.fr FR
  check "$mode: the Maildir's are on the server" found "$user" INBOX 1 "SEEN SUBJECT \"put near\""

  mkdir -p "$maildir/Receipts/"{cur,new,tmp}
  make_message "in a new folder" folder | tr -d '\r' >"$maildir/Receipts/new/1700000000.1_2.host"
  imap_curl "$user" "" -X "CREATE Travel" >"$work/created"
  put_message "$user" Travel
  check "$mode: folders made on both sides" sync
  check "$mode: the Maildir's is on the server with its message" has_messages "$user" Receipts 1
  check "$mode: the server's is in the Maildir with its message" near_same Travel hard@crepes.fr

  rm -f "$(near INBOX near@crepes.fr)"
  imap_curl "$user" Travel -X 'STORE 1 +FLAGS (\Deleted)' >"$work/stored"
  imap_curl "$user" Travel -X EXPUNGE >"$work/expunged"
  check "$mode: deletions on both sides" sync
  check "$mode: the Maildir's is gone from the server" has_messages "$user" INBOX 1
  check "$mode: the server's is gone from the Maildir" refused near Travel hard@crepes.fr

  imap_curl "$user" "" -X "RENAME Receipts Kept" >"$work/renamed"
  check "$mode: a folder renamed on the server" sync
  check "$mode: is in the Maildir under its new name" near Kept folder@crepes.fr
  ls -lR --time-style=full-iso "$maildir" >"$work/before"
  check "$mode: a last run" sync
  check "$mode: which has nothing to do" has_messages "$user" INBOX 1
done

sed -i '/^CertificateFile/d' "$work/IMAPS.rc"
check "a certificate that is not trusted is refused" refused sync
finish
