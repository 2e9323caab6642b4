#!/usr/bin/env bash
# curl as an IMAP client: each command by itself, over STARTTLS and over TLS from the first octet.
. "$(dirname "$0")/imap-lib.sh"
start_imap

over_tls() {
  local user=$1 path=$2
  shift 2
  curl -s --max-time 20 --cacert "$ca" -u "$user:$password" "imaps://$imap_host:$imaps/$path" "$@"
}
same_by() { "$1" "$2" "INBOX;MAILINDEX=1" | cmp - "$work/message.eml"; }
body() { sed '1,/^\r$/d' "$@"; }
same_body() { imap_curl "$bob" "INBOX;MAILINDEX=1" | body | cmp - <(body "$work/message.eml"); }
says() {
  local text=$1
  shift
  "$@" | grep -qiF -- "$text"
}

for way in imap_curl over_tls; do
  name=STARTTLS user=$bob
  [ $way = over_tls ] && name=TLS user=$alice
  check "$name: APPEND" $way "$user" INBOX -T "$work/message.eml"
  check "$name: the same octets come back" same_by $way "$user"
  check "$name: a section of it" says "漢字" $way "$user" "INBOX;MAILINDEX=1;SECTION=TEXT"
  check "$name: the message is listed with its size" says "RFC822.SIZE $(wc -c <"$work/message.eml")" \
    $way "$user" INBOX -X "FETCH 1 (RFC822.SIZE)"
  check "$name: SEARCH finds a subject" says "SEARCH 1" $way "$user" INBOX -X "SEARCH SUBJECT hard"
  check "$name: STORE sets a flag" $way "$user" INBOX -X "STORE 1 +FLAGS (\\Flagged)"
  check "$name: a new session sees it" flagged "$user" INBOX 1 '\Flagged'
  check "$name: CREATE" $way "$user" "" -X "CREATE Receipts"
  check "$name: the folder is listed" has_folder "$user" Receipts
  check "$name: COPY" $way "$user" INBOX -X "COPY 1 Receipts"
  check "$name: the copy has the same octets" same_octets "$user" Receipts 1
  check "$name: and the flag" flagged "$user" Receipts 1 '\Flagged'
  check "$name: RENAME" $way "$user" "" -X "RENAME Receipts Kept"
  check "$name: the message is in it under its new name" has_messages "$user" Kept 1
  check "$name: the old name is gone" has_no_folder "$user" Receipts
  check "$name: DELETE" $way "$user" "" -X "DELETE Kept"
  check "$name: the folder is gone" has_no_folder "$user" Kept
  check "$name: STORE marks for deletion" $way "$user" INBOX -X "STORE 1 +FLAGS.SILENT (\\Deleted)"
  check "$name: CLOSE expunges" $way "$user" INBOX -X CLOSE
  check "$name: nothing is left" has_messages "$user" INBOX 0
  check "$name: a wrong password is refused" refused $way "$user" "" -u "$user:wrong"
done

check "a client that does not trust the certificate does not go on" refused \
  curl -s --ssl-reqd -u "$bob:$password" "imap://$imap_host:$imap/"
if [ "$imap_server" = node ]; then
  check "mail by SMTP is taken" curl -s "smtp://127.0.0.1:$smtp" --mail-from alice@crepes.fr --mail-rcpt "$bob" \
    -T "$work/message.eml"
  check "and arrives" wait_for 10 "the message in bob's INBOX" has_messages "$bob" INBOX 1
  check "behind its trace field the octets are the same" same_body
fi
finish
