#!/usr/bin/env bash
# Moving in and out: an account of Debian's Dovecot comes over IMAP, its Maildir as files, an mbox as Python writes it; an
# import that is killed goes on where it was; what is exported is a Maildir that Dovecot reads.
. "$(dirname "$0")/imap-lib.sh"
start_imap
dovecot_imap=$(free_port) dovecot_imaps=$(free_port)
maildir=$work/dovecot/bob/Maildir
echo "$password" >"$work/password"

# dovecot_of NAME PORT PORT: a Dovecot with Maildirs below $work/NAME.
dovecot_of() {
  mkdir -p "$work/$1" && chown -R mail:mail "$work/$1" && chmod 711 "$work" || return
  printf '%s:{PLAIN}%s:8:8::::\n' "$bob" "$password" >"$work/$1.users"
  cat >"$work/$1.conf" <<CFG
base_dir = $work/$1.run
state_dir = $work/$1.state
log_path = $work/$1.log
instance_name = mailcluster-$1
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <$work/tls.pem
ssl_key = <$work/tls.key
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_plugins = \$mail_plugins listescape
namespace inbox {
  inbox = yes
  separator = /
  mailbox "Sent Items" {
    special_use = \Sent
  }
}
passdb {
  driver = passwd-file
  args = $work/$1.users
}
userdb {
  driver = static
  args = uid=mail gid=mail home=$work/$1/%n
}
service imap-login {
  inet_listener imap {
    port = $2
  }
  inet_listener imaps {
    port = $3
  }
}
CFG
  dovecot -F -c "$work/$1.conf" &
  pids+=("$!")
  wait_for 10 "Dovecot on port $2" listens "$2" || { cat "$work/$1.log" >&2; return 1; }
}

at_dovecot() { imap=$dovecot_imap "$@"; }
run_import() { SSL_CERT_FILE=$ca mailcluster account import "$@" --set Http:Port="$http"; }
from_dovecot() {
  run_import imap "$1" --host "$imap_host" --user "$bob" --password-file "$work/password" "${@:2}"
}
# listing USER FOLDER: flags, dates and sizes of all messages, without UIDs, MODSEQs and what only a session sees.
listing() {
  imap_curl "$1" "$2" -X 'FETCH 1:* (FLAGS INTERNALDATE RFC822.SIZE)' | tr -d '\r' | sed 's/\\Recent//' | python3 -c '
import re, sys
for line in sys.stdin:
    flags = sorted(re.search(r"FLAGS \(([^)]*)\)", line).group(1).split())
    date = re.search(r"INTERNALDATE \"([^\"]*)\"", line).group(1)
    print(flags, date, re.search(r"RFC822.SIZE (\d+)", line).group(1))'
}
same_listing() { diff <(at_dovecot listing "$bob" "$2") <(listing "$1" "${3:-$2}") && [ -n "$(listing "$1" "${3:-$2}")" ]; }
exactly() { [ "$(count_messages "$1" "$2")" = "$3" ]; }
more_than() { [ "$(count_messages "$1" "$2")" -gt "$3" ]; }

dovecot_of dovecot "$dovecot_imap" "$dovecot_imaps" || exit 1
at_dovecot imap_curl "$bob" "" -X 'CREATE "Sent Items"' >"$work/created"
at_dovecot imap_curl "$bob" "" -X 'CREATE Work/v1.2' >"$work/created"
at_dovecot imap_curl "$bob" "" -X 'CREATE Work/&AMk-t&AOk-' >"$work/created"
at_dovecot imap_curl "$bob" "" -X 'SUBSCRIBE Work/&AMk-t&AOk-' >"$work/created"
for folder in INBOX INBOX 'Sent%20Items' 'Work/v1.2' 'Work/&AMk-t&AOk-'; do
  at_dovecot imap_curl "$bob" "$folder" -T "$work/message.eml"
done
at_dovecot imap_curl "$bob" INBOX -X 'STORE 1 FLAGS (\Answered \Flagged Project $Junk)' >"$work/stored"
at_dovecot imap_curl "$bob" INBOX -X 'STORE 2 FLAGS ()' >"$work/stored"
at_dovecot listing "$bob" INBOX >"$work/before"

check "a certificate that nobody vouches for is refused" refused \
  mailcluster account import imap "$bob" --host "$imap_host" --port "$dovecot_imaps" --user "$bob" \
  --password-file "$work/password" --set Http:Port="$http"
check "nothing has come" exactly "$bob" INBOX 0
check "an account comes over TLS" from_dovecot "$bob" --port "$dovecot_imaps"
check "flags, keywords and dates are the same" same_listing "$bob" INBOX
check "octets are the same" same_octets "$bob" INBOX 1
check "the folder for sent mail is the one that is here" same_listing "$bob" Sent%20Items Sent
check "a folder with a dot comes" same_listing "$bob" Work/v1.2
check "a folder with other letters comes" same_listing "$bob" 'Work/&AMk-t&AOk-'
check "subscribed, as it was" sh -c "curl -s --cacert $ca --ssl-reqd -u $bob:$password imap://$imap_host:$imap -X 'LSUB \"\" *' | grep -q 'Work/&AMk-t&AOk-'"
check "flags there are what they were" diff "$work/before" <(at_dovecot listing "$bob" INBOX)
check "once more, over STARTTLS" from_dovecot "$bob" --port "$dovecot_imap" --tls starttls
check "brings nothing twice" exactly "$bob" INBOX 2

check "the same account as files" run_import maildir "$maildir" "$alice"
check "has the same flags and dates" same_listing "$alice" INBOX
check "the same octets" same_octets "$alice" INBOX 2
check "the folder with a dot" same_listing "$alice" Work/v1.2
check "the folder with other letters" same_listing "$alice" 'Work/&AMk-t&AOk-'

check "an account goes out" mailcluster account export maildir "$alice" "$work/export/bob/Maildir" --set Http:Port="$http"
export_imap=$(free_port) export_imaps=$(free_port)
dovecot_of export "$export_imap" "$export_imaps"
at_export() { imap=$export_imap "$@"; }
listing "$alice" INBOX >"$work/ours"
check "Dovecot reads it: flags and dates" diff "$work/ours" <(at_export listing "$bob" INBOX)
check "Dovecot reads it: octets" at_export same_octets "$bob" INBOX 1
check "Dovecot reads it: a folder with a dot" at_export same_octets "$bob" Work/v1.2 1
check "Dovecot reads it: a folder with other letters" at_export same_octets "$bob" 'Work/&AMk-t&AOk-' 1
check "Dovecot reads it: subscriptions" sh -c "curl -s --cacert $ca --ssl-reqd -u $bob:$password imap://$imap_host:$export_imap -X 'LSUB \"\" *' | grep -q 'Work/&AMk-t&AOk-'"
check "without a word of complaint" refused grep -iE 'error|warning|corrupt|wrong' "$work/export.log"

python3 - "$work" <<'PY'
import mailbox, os, sys
work = sys.argv[1]
box = mailbox.mbox(f"{work}/box")
for number in range(3):
    message = mailbox.mboxMessage(f"Subject: {number}\n\nFrom here on\n>From there\n")
    message.set_from("alice@crepes.fr", (2024, 2, 5, 10, 20, 30, 0, 36, 0))
    message.set_flags("RF" if number == 1 else "")
    box.add(message)
box.flush()
os.makedirs(f"{work}/many/cur")
for number in range(2000):
    with open(f"{work}/many/cur/{1700000000 + number}.M{number}.host:2,", "w") as file:
        file.write(f"Subject: many {number}\nMessage-ID: <{number}@many>\n\n{'x' * 3000}\n")
PY
# Python quotes as mboxo does.
check "an mbox comes" run_import mbox "$work/box" "$bob" --folder Old --format mboxo
check "with all messages" exactly "$bob" Old 3
check "and their flags" found "$bob" Old 1 "SEEN FLAGGED"

kill_when_begun() {
  local target=$1 importer
  SSL_CERT_FILE=$ca dotnet "$node_dll" account import maildir "$work/many" "$bob" --data "$work/data" \
    --set Http:Port="$http" >"$work/import.log" 2>&1 &
  importer=$!
  pids+=("$importer")
  wait_for 60 "the import's first messages" more_than "$bob" INBOX "$2" || return
  [ "$target" = node ] && kill -9 "$node_pid"
  [ "$target" = importer ] && kill -9 "$importer"
  ! wait "$importer"
} 2>/dev/null
all_once() {
  mailcluster account export maildir "$bob" "$work/all" --set Http:Port="$http" >"$work/all.log" &&
    [ "$(grep -rhoE '<[0-9]+@many>' "$work/all/cur" | sort -u | wc -l)" = 2000 ]
}
check "an import is killed in its middle" kill_when_begun importer 100
check "and again, with the node" kill_when_begun node 500
wait "$node_pid" 2>/dev/null
launch_node --set Listeners:imap:Port="$imap" --set Listeners:imaps:Port="$imaps" \
  --set Tls:Certificate="$work/tls.pem" --set Tls:Key="$work/tls.key"
check "the next run comes to its end" run_import maildir "$work/many" "$bob"
check "nothing came twice" exactly "$bob" INBOX 2002
check "and nothing is missing" all_once
finish
