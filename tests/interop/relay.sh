#!/usr/bin/env bash
# Relaying: a real Postfix as next hop and as sender, smtp-sink as a next hop that refuses and fails, bounces.
. "$(dirname "$0")/lib.sh"
sink=$(free_port)
postfix_port=$(free_port)
pf=$work/postfix

start_postfix() {
  mkdir -p "$pf/etc" "$pf/spool" "$pf/lib" "$pf/mail"
  chmod 755 "$work" "$pf"
  chown postfix "$pf/lib" "$pf/mail"
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=pf.example -keyout "$pf/key.pem" -out "$pf/cert.pem" 2>/dev/null
  cat >"$pf/etc/main.cf" <<EOF
compatibility_level = 3.6
queue_directory = $pf/spool
data_directory = $pf/lib
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = pf.example
mydestination =
virtual_mailbox_domains = pf.example
virtual_mailbox_base = $pf/mail
virtual_mailbox_maps = static:all
virtual_uid_maps = static:$(id -u postfix)
virtual_gid_maps = static:$(id -g postfix)
virtual_minimum_uid = 1
virtual_mailbox_limit = 0
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
relayhost = [127.0.0.1]:$smtp
disable_dns_lookups = yes
smtp_host_lookup = native
smtpd_recipient_restrictions = check_recipient_access inline:{{refused@pf.example=550 5.1.1 gone}}, permit_mynetworks, reject
smtpd_tls_security_level = may
smtpd_tls_loglevel = 1
smtpd_tls_cert_file = $pf/cert.pem
smtpd_tls_key_file = $pf/key.pem
smtp_tls_security_level = may
alias_maps =
maillog_file = $pf/log
maillog_file_prefixes = $pf
EOF
  sed -e "s/^smtp  *inet.*/127.0.0.1:$postfix_port inet n - n - - smtpd/" /usr/share/postfix/master.cf.dist |
    awk '/^[^#[:space:]]/ { if ($5 == "y") $5 = "n" } { print }' >"$pf/etc/master.cf"
  chown -R root "$pf/etc"
  postfix -c "$pf/etc" start >"$pf/start" 2>&1
  wait_for 15 "Postfix on port $postfix_port" listens "$postfix_port"
}
stop_postfix() { postfix -c "$pf/etc" stop >/dev/null 2>&1; }
trap 'stop_postfix; clean_up' EXIT

choose_ports
start_postfix || { cat "$pf/start" "$pf/log" >&2; exit 1; }
launch_node --set Smtp:RelayNetworks:0=127.0.0.0/8 --set "Queue:RetryDelays:0=2s" --set Queue:Jitter=0% \
  --set Relay:MinBackOff=100ms --set Relay:MaxBackOff=100ms \
  --set Relay:Routes:0:Domain=pf.example --set Relay:Routes:0:Host=127.0.0.1 --set Relay:Routes:0:Port="$postfix_port" \
  --set Relay:Routes:1:Domain=sink.example --set Relay:Routes:1:Host=127.0.0.1 --set Relay:Routes:1:Port="$sink"
for user in "$bob" "$alice"; do
  echo "$password" | mailcluster account password "$user" --password-stdin >/dev/null
done

send() { swaks --silent 1 --server "127.0.0.1:$smtp" --ehlo client.example --from "$bob" "$@"; }
queue_is_empty() { [ "$(mailcluster queue list --json --set Http:Port="$http" | grep -c '"id"')" = 0 ]; }
in_postfix() { grep -rqF -- "$1" "$pf/mail" 2>/dev/null; }

check "accepted for Postfix as the next hop" send --to carol@pf.example --body "to-postfix"
check "delivered there" wait_for 15 "the message in Postfix's mailbox" in_postfix "to-postfix"
check "with STARTTLS" grep -q 'Anonymous TLS connection established from' "$pf/log"
check "an 8-bit message is passed on as it is" send --to carol@pf.example --body "käse-8bit" --add-header "MIME-Version: 1.0" \
  --add-header "Content-Type: text/plain; charset=utf-8" --add-header "Content-Transfer-Encoding: 8bit"
check "delivered there" wait_for 15 "the 8-bit message" in_postfix "käse-8bit"
check "a dot at the start of a line survives both hops" send --to carol@pf.example --body $'.dot-line\n..two'
check "delivered there" wait_for 15 "the line with its dot" in_postfix ".dot-line"
check "a refused recipient bounces" send --to refused@pf.example --body "to-nobody"
check "and the sender reads why" wait_for 15 "the bounce" any_message_has "$bob" "550 5.1.1"
check "as a delivery status notification" any_message_has "$bob" "Final-Recipient: rfc822; refused@pf.example"

from_postfix() {
  printf 'From: dave@crepes.fr\nTo: %s\nSubject: by Postfix\n\nfrom-postfix\n' "$bob" |
    sendmail -C "$pf/etc" -f dave@crepes.fr "$bob"
}
check "Postfix as a sender" from_postfix
check "its message arrives" wait_for 15 "the message from Postfix" any_message_has "$bob" "from-postfix"

check "mail for a next hop that is down is accepted" send --to erin@sink.example --body "retried"
attempts() { grep "to <erin@sink.example>" "$work/node.log" | grep -c Deferred; }
twice_deferred() { [ "$(attempts)" -ge 2 ]; }
check "it is deferred, twice" wait_for 20 "two deferrals" twice_deferred
check "two seconds apart, as the schedule says" bash -c "
  grep 'to <erin@sink.example>' '$work/node.log' | grep Deferred | head -n 2 | cut -c 1-12 |
    awk -F '[:.]' '{ t = (\$1 * 3600 + \$2 * 60 + \$3) * 1000 + \$4; if (NR == 2) exit !(t - last >= 1900 && t - last < 4000); last = t }'"
smtp-sink -u postfix -c "127.0.0.1:$sink" 100 >"$work/sink.log" 2>&1 &
pids+=("$!")
delivered() { grep "to <erin@sink.example>" "$work/node.log" | grep -q Delivered\\\|Relayed; }
check "and delivered when the next hop is up" wait_for 20 "the delivery" delivered
check "the queue is empty" wait_for 20 "an empty queue" queue_is_empty
finish
