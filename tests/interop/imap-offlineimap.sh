#!/usr/bin/env bash
# OfflineIMAP keeps a Maildir and the server alike, both ways: messages, flags, folders, deletions. Over TLS from the
# first octet only: with STARTTLS it checks no certificate, and two of its threads use one TLS session at once, which
# fails every second time with any server.
. "$(dirname "$0")/imap-lib.sh"
start_imap

write_config() {
  cat >"$work/rc" <<CFG
[general]
accounts = test
metadata = $work/metadata
ui = quiet
socktimeout = 20
[Account test]
localrepository = near
remoterepository = far
[Repository near]
type = Maildir
localfolders = $maildir
utf8foldernames = no
sync_deletes = yes
[Repository far]
type = IMAP
remotehost = $imap_host
remoteport = $imaps
remoteuser = $bob
remotepass = $password
ssl = yes
starttls = no
sslcacertfile = $1
auth_mechanisms = PLAIN, LOGIN
sync_deletes = yes
expunge = yes
maxconnections = 2
CFG
}
sync() { HOME=$work offlineimap -o -c "$work/rc"; }
near() { grep -rlF -- "$2" "$maildir/$1/cur" "$maildir/$1/new"; }
near_same() { tr -d '\r' <"$(near "$1" "$2")" | grep -v '^X-OfflineIMAP' | cmp - "$work/message.lf"; }
near_flagged() { near "$1" "$2" | grep -q ":2,.*$3"; }

maildir=$work/maildir
write_config "$ca"
put_message "$bob" INBOX
check "the first run" sync
check "the message is in the Maildir with all octets" near_same INBOX hard@crepes.fr

make_message "put near" near | tr -d '\r' >"$maildir/INBOX/new/1700000000_1.1.host"
imap_curl "$bob" INBOX -X 'STORE 1 +FLAGS (\Flagged \Answered)' >"$work/stored"
imap_curl "$bob" "" -X "CREATE Travel" >"$work/created"
put_message "$bob" Travel
mkdir -p "$maildir/Receipts/"{cur,new,tmp}
check "changes on both sides" sync
check "the Maildir's message is on the server" found "$bob" INBOX 1 "SUBJECT \"put near\""
check "the server's flags are in the Maildir" near_flagged INBOX hard@crepes.fr FR
check "the server's folder is in the Maildir with its message" near_same Travel hard@crepes.fr
check "the Maildir's folder is on the server" has_folder "$bob" Receipts

file=$(near INBOX near@crepes.fr)
mv "$file" "$maildir/INBOX/cur/$(basename "${file%%:2,*}"):2,S"
imap_curl "$bob" Travel -X 'STORE 1 +FLAGS (\Deleted)' >"$work/stored"
imap_curl "$bob" Travel -X EXPUNGE >"$work/expunged"
rm -f "$(near INBOX hard@crepes.fr)"
check "a flag there, deletions on both sides" sync
check "the Maildir's flag is on the server" found "$bob" INBOX 1 "SEEN SUBJECT \"put near\""
check "what the Maildir deleted is gone from the server" has_messages "$bob" INBOX 1
check "what the server expunged is gone from the Maildir" refused near Travel hard@crepes.fr

write_config "$work/message.eml"
check "a certificate that is not trusted is refused" refused sync
finish
