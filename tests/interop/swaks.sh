#!/usr/bin/env bash
# swaks: every way to log in that it knows, TLS, pipelining, and what must be refused.
. "$(dirname "$0")/lib.sh"
start_node

send() { swaks --silent 1 --from "$bob" --to "$alice" --ehlo client.example "$@"; }
refused() { ! send "$@" >"$work/refused" 2>&1; }

for mechanism in PLAIN LOGIN; do
  check "AUTH $mechanism on the submission port, TLS by STARTTLS" send --server "127.0.0.1:$submission" --tls \
    --auth "$mechanism" --auth-user "$bob" --auth-password "$password"
  check "AUTH $mechanism over TLS from the first octet" send --server "127.0.0.1:$submissions" --tls-on-connect \
    --auth "$mechanism" --auth-user "$bob" --auth-password "$password"
  check "AUTH $mechanism with a wrong password is refused" refused --server "127.0.0.1:$submission" --tls \
    --auth "$mechanism" --auth-user "$bob" --auth-password wrong
done
check "mail arrives with STARTTLS on the SMTP port" send --server "127.0.0.1:$smtp" --tls --body "by-starttls"
check "it is read back" wait_for 10 "the message in alice's maildrop" any_message_has "$alice" "by-starttls"
check "the trace field names the TLS" any_message_has "$alice" "with ESMTPS"
check "pipelining" send --server "127.0.0.1:$smtp" --pipeline --body "by-pipelining"
check "an unknown user is refused at RCPT" refused --server "127.0.0.1:$smtp" --to nobody@hamburger.edu
check "with 550 5.1.1" grep -q '550 5.1.1' "$work/refused"
check "relaying is refused" refused --server "127.0.0.1:$smtp" --to someone@elsewhere.example
check "with 554 5.7.1" grep -q '554 5.7.1' "$work/refused"
check "submission without login is refused" refused --server "127.0.0.1:$submission" --tls
check "with 530" grep -q '530 5.7.0' "$work/refused"
check "a sender address of somebody else is refused" refused --server "127.0.0.1:$submission" --tls --from "$alice" \
  --auth PLAIN --auth-user "$bob" --auth-password "$password"
check "with 553 5.7.1" grep -q '553 5.7.1' "$work/refused"
check "a message with attachment and a long line of dots" send --server "127.0.0.1:$smtp" --attach "@$0" --body "$(printf '.%.0s' {1..900})"
check "SMTP commands with a bare line feed are refused" bash -c \
  "printf 'EHLO x\nMAIL FROM:<a@b.example>\r\nQUIT\r\n' | nc -q 2 127.0.0.1 $smtp | grep -q '^500 5.5.2'"
check "data with a bare line feed is refused" bash -c \
  "printf 'EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<$bob>\r\nDATA\r\nSubject: x\r\n\r\nsmuggled\n.\nMAIL FROM:<c@d.example>\r\n.\r\nQUIT\r\n' | nc -q 2 127.0.0.1 $smtp | grep -q '^550 5.6.0'"
finish
