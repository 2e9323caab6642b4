#!/usr/bin/env bash
# msmtp and curl as programs that submit mail.
. "$(dirname "$0")/lib.sh"
start_node

submit_with_msmtp() {
  printf 'From: %s\nTo: %s\nSubject: by msmtp\n\nby-msmtp-%s\n' "$bob" "$alice" "$1" |
    msmtp --host=127.0.0.1 --port="$2" --auth="$3" --user="$bob" --passwordeval="echo $password" --from="$bob" \
      --tls=on --tls-starttls="$4" --tls-certcheck=off --tls-trust-file= "$alice"
}
check "msmtp submits with STARTTLS and PLAIN" submit_with_msmtp plain "$submission" plain on
check "msmtp submits over TLS and LOGIN" submit_with_msmtp login "$submissions" login off
if msmtp --version | grep -q 'SCRAM-SHA-256'; then
  check "msmtp submits with SCRAM-SHA-256" submit_with_msmtp scram "$submission" scram-sha-256 on
  check "and it arrives" wait_for 10 "the message by SCRAM" any_message_has "$alice" "by-msmtp-scram"
fi
check "they arrive" wait_for 10 "the messages in alice's maildrop" any_message_has "$alice" "by-msmtp-login"

submit_with_curl() {
  printf 'From: %s\r\nTo: %s\r\nSubject: by curl\r\n\r\nby-curl\r\n' "$bob" "$alice" >"$work/curl.eml"
  curl -s -k --ssl-reqd --url "smtp://127.0.0.1:$submission" -u "$bob:$password" --mail-from "$bob" --mail-rcpt "$alice" \
    -T "$work/curl.eml"
}
check "curl submits with STARTTLS" submit_with_curl
check "and it arrives" wait_for 10 "the message by curl" any_message_has "$alice" "by-curl"
check "with the Message-ID that curl did not give" any_message_has "$alice" "@mail.hamburger.edu>"

printf 'From: %s\nTo: %s\nSubject: x\n\nby-send-command\n' "$bob" "$alice" >"$work/send.eml"
check "the send command sends a file" mailcluster send --from "$bob" --to "$alice" --file "$work/send.eml" \
  --set Listeners:smtp:Port="$smtp"
check "and it arrives" wait_for 10 "the message by the send command" any_message_has "$alice" "by-send-command"
finish
