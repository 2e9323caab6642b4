#!/usr/bin/env bash
# The dialogue of the textbooks, typed into a plain TCP connection, read back with curl, fetchmail and mutt.
. "$(dirname "$0")/lib.sh"
start_node

type_dialogue() {
  printf '%s\r\n' 'HELO crepes.fr' 'MAIL FROM:<alice@crepes.fr>' 'RCPT TO:<bob@hamburger.edu>' 'DATA' \
    'Do you like ketchup?' '.' 'MAIL FROM:<alice@crepes.fr>' 'RCPT TO:<bob@hamburger.edu>' 'DATA' \
    'How about pickles?' '.' 'QUIT' | nc -q 5 127.0.0.1 "$smtp" >"$work/replies"
  [ "$(grep -c 'queued as' "$work/replies")" = 2 ] && grep -q '^221 ' "$work/replies"
}
check "two messages in one connection are answered with 250 each" type_dialogue
check "both arrive" wait_for 10 "two messages in the maildrop" \
  bash -c "[ \$(curl -s -u $bob:$password $(pop3_url) | wc -l) = 2 ]"
check "curl reads the ketchup" any_message_has "$bob" "Do you like ketchup?"

dialogue_by_telnet() {
  { perl -e 'select undef, undef, undef, 0.5'; printf 'HELO crepes.fr\nQUIT\n'; perl -e 'select undef, undef, undef, 0.5'; } |
    telnet 127.0.0.1 "$smtp" | grep -q '^221 '
}
check "telnet speaks with it" dialogue_by_telnet

read_with_fetchmail() {
  cat >"$work/fetchmailrc" <<EOF
poll 127.0.0.1 service $pop3 protocol pop3 user "$bob" password "$password" sslproto '' keep mda "cat >>$work/fetched"
EOF
  chmod 600 "$work/fetchmailrc"
  HOME=$work fetchmail -f "$work/fetchmailrc" --nosyslog --pidfile "$work/fetchmail.pid" -i "$work/fetchids" -a &&
    grep -q 'Do you like ketchup?' "$work/fetched" && grep -q 'How about pickles?' "$work/fetched"
}
check "fetchmail fetches both" read_with_fetchmail

read_with_fetchmail_tls() {
  cat >"$work/fetchmailrc" <<EOF
poll 127.0.0.1 service $pop3 protocol pop3 user "$bob" password "$password" sslproto 'tls1.2+' no sslcertck keep mda "cat >>$work/fetched-tls"
EOF
  chmod 600 "$work/fetchmailrc"
  HOME=$work fetchmail -f "$work/fetchmailrc" --nosyslog --pidfile "$work/fetchmail.pid" -i "$work/fetchids-tls" -a &&
    grep -q 'Do you like ketchup?' "$work/fetched-tls"
}
check "fetchmail fetches with STLS" read_with_fetchmail_tls

read_with_mutt() {
  cat >"$work/muttrc" <<EOF
set pop_user="$bob"
set pop_pass="$password"
set ssl_starttls=no
set ssl_force_tls=no
set pop_authenticators="user"
set pop_delete=no
set pop_checkinterval=0
set mbox_type=mbox
set confirmappend=no
set confirmcreate=no
set quit=yes
EOF
  HOME=$work TERM=xterm timeout 30 script -qec \
    "mutt -n -F $work/muttrc -f pop://127.0.0.1:$pop3 -e 'push \"<tag-pattern>.<enter><tag-prefix><copy-message><kill-line>$work/mutt.mbox<enter><exit>\"'" \
    /dev/null </dev/null >"$work/mutt.screen" 2>&1
  grep -q 'Do you like ketchup?' "$work/mutt.mbox" || { tail -c 1500 "$work/mutt.screen" | cat -v; return 1; }
}
check "mutt copies them out of the maildrop" read_with_mutt
check "curl reads over TLS from the first octet" bash -c \
  "curl -s -k -u $bob:$password pop3s://127.0.0.1:$pop3s/1 | grep -q ketchup"
check "a wrong password is refused" bash -c "! curl -s -u $bob:wrong $(pop3_url 1)"

stop_node
check "a graceful stop ends with 0" [ "$?" = 0 ]
launch_node
check "a restart keeps everything" any_message_has "$bob" "How about pickles?"
finish
