#!/usr/bin/env bash
# fetchmail and getmail carry mail away: all octets, once, and deleted on the server only where they are told so.
. "$(dirname "$0")/imap-lib.sh"
start_imap

fetchmail_config() {
  cat >"$work/fetchmailrc" <<CFG
poll $imap_host service $port protocol imap user "$user" password "$password" $ssl
  sslcertck sslcertfile "$ca" $* mda "cat >>$work/$mode.fetched"
CFG
  chmod 600 "$work/fetchmailrc"
}
fetch() {
  local status
  HOME=$work fetchmail -f "$work/fetchmailrc" --nosyslog --pidfile "$work/fetchmail.pid" -i "$work/fetchids" --invisible
  status=$?
  return $((status == ${expected:-0} ? 0 : 1))
}
# The body is as it was but for the line ends; fetchmail's own fields stand in the head.
same_fetched() { sed '1,/^\r*$/d' "$1" | tr -d '\r' | cmp - <(sed '1,/^$/d' "$work/message.lf"); }

for mode in STARTTLS TLS; do
  user=$bob port=$imap ssl="sslproto 'tls1.2+'"
  [ $mode = TLS ] && user=$alice port=$imaps ssl=ssl
  put_message "$user" INBOX
  fetchmail_config keep
  check "fetchmail, $mode: fetches and keeps" fetch
  check "fetchmail, $mode: all octets" same_fetched "$work/$mode.fetched"
  check "fetchmail, $mode: the message is still there" has_messages "$user" INBOX 1
  check "fetchmail, $mode: and has been seen" flagged "$user" INBOX 1 '\Seen'
  expected=1 check "fetchmail, $mode: finds nothing new" fetch
  make_message second second >"$work/second.eml"
  put_message "$user" INBOX "$work/second.eml"
  fetchmail_config nokeep
  rm "$work/$mode.fetched"
  check "fetchmail, $mode: fetches the new one and deletes it" fetch
  check "fetchmail, $mode: all octets" same_fetched "$work/$mode.fetched"
  check "fetchmail, $mode: only the old one is left" has_messages "$user" INBOX 1
done

sed -i "s/sslcertfile \"[^\"]*\"//" "$work/fetchmailrc"
expected=2 check "fetchmail: a certificate that is not trusted is refused" fetch

# getmail delivers nothing as root, and has TLS from the first octet only.
mkdir -p "$work/getmail" "$work/inbox/"{cur,new,tmp}
as_user=
[ "$(id -u)" = 0 ] && chmod 711 "$work" && chown -R nobody "$work/inbox" && as_user='user = nobody'
getmail_config() {
  cat >"$work/getmail/rc" <<CFG
[retriever]
type = SimpleIMAPSSLRetriever
server = $imap_host
port = $imaps
username = $alice
password = $password
mailboxes = ("INBOX", "Receipts")
ca_certs = $1
[destination]
type = Maildir
path = $work/inbox/
$as_user
[options]
delete = $2
read_all = false
delivered_to = false
received = false
CFG
}
get() { HOME=$work getmail --getmaildir "$work/getmail" --rcfile rc; }
got() { [ "$(find "$work/inbox/new" -type f | wc -l)" = "$1" ]; }
same_got() {
  grep -rlF hard@crepes.fr "$work/inbox/new" | xargs cat | sed "/^Return-Path: /d; /^X-getmail-/d" |
    cmp - "$work/message.lf"
}

imap_curl "$alice" "" -X "CREATE Receipts" >"$work/created"
put_message "$alice" Receipts "$work/second.eml"
getmail_config "$ca" false
check "getmail: fetches both folders" get
check "getmail: two messages" got 2
check "getmail: all octets" same_got
check "getmail: a second run" get
check "getmail: brings nothing again" got 2
check "getmail: both are still there" has_messages "$alice" Receipts 1
getmail_config "$ca" true
check "getmail: a run that deletes" get
check "getmail: empties the INBOX" has_messages "$alice" INBOX 0
check "getmail: and the folder" has_messages "$alice" Receipts 0
getmail_config "$work/second.eml" true
check "getmail: a certificate that is not trusted is refused" refused get
finish
