#!/usr/bin/env bash
# HAProxy before the node, and swaks as a proxy of its own: the node hears of the client's address, and of nobody's
# where it is not told to.
. "$(dirname "$0")/lib.sh"
text=$(free_port) binary=$(free_port) checksum=$(free_port) implicit=$(free_port) none=$(free_port)
choose_ports

# A client is at an address of its own of loopback; HAProxy connects to the node from 127.0.0.1. The checks of its
# health speak for themselves: LOCAL, and UNKNOWN.
cat >"$work/haproxy.cfg" <<CFG
defaults
  mode tcp
  timeout connect 5s
  timeout client 30s
  timeout server 30s
listen text
  bind 127.0.0.1:$text
  server node 127.0.0.1:$smtp send-proxy check inter 200ms check-send-proxy
listen binary
  bind 127.0.0.1:$binary
  option smtpchk EHLO health.example
  server node 127.0.0.1:$smtp send-proxy-v2 check inter 200ms check-send-proxy
listen checksum
  bind 127.0.0.1:$checksum
  server node 127.0.0.1:$smtp send-proxy-v2 proxy-v2-options crc32c,unique-id
listen implicit
  bind 127.0.0.1:$implicit
  server node 127.0.0.1:$submissions send-proxy-v2
listen none
  bind 127.0.0.1:$none
  server node 127.0.0.1:$smtp
CFG
launch_node --set Listeners:smtp:ProxyNetworks=127.0.0.1 --set Listeners:submissions:ProxyNetworks=127.0.0.1
for user in "$bob" "$alice"; do
  echo "$password" | mailcluster account password "$user" --password-stdin >/dev/null
done
haproxy -db -f "$work/haproxy.cfg" >"$work/haproxy.log" 2>&1 &
pids+=("$!")
for port in "$text" "$binary" "$checksum" "$implicit" "$none"; do
  wait_for 10 "HAProxy on port $port" listens "$port" || { cat "$work/haproxy.log"; exit 1; }
done

send() { swaks --silent 1 --from "$bob" --to "$alice" --ehlo client.example "$@"; }
refused() { ! send "$@" >"$work/refused" 2>&1; }
# arrives ADDRESS BODY: with the address in its trace field.
arrives() {
  wait_for 10 "the message $2" any_message_has "$alice" "$2" && any_message_has "$alice" "[$1]" &&
    ! any_message_has "$alice" "[127.0.0.1]"
}

check "HAProxy, version 1" send --server "127.0.0.1:$text" --local-interface 127.0.0.11 --body by-text
check "names the client" arrives 127.0.0.11 by-text
check "HAProxy, version 2" send --server "127.0.0.1:$binary" --local-interface 127.0.0.12 --body by-binary
check "names the client" arrives 127.0.0.12 by-binary
check "HAProxy, version 2 with fields and checksum" send --server "127.0.0.1:$checksum" --local-interface 127.0.0.13 \
  --body by-checksum
check "names the client" arrives 127.0.0.13 by-checksum
check "STARTTLS behind HAProxy" send --server "127.0.0.1:$binary" --local-interface 127.0.0.14 --tls --body by-starttls
check "names the client" arrives 127.0.0.14 by-starttls
check "TLS from the first octet behind HAProxy" send --server "127.0.0.1:$implicit" --local-interface 127.0.0.15 \
  --tls-on-connect --auth PLAIN --auth-user "$bob" --auth-password "$password" --body by-implicit
check "names the client" arrives 127.0.0.15 by-implicit
check "HAProxy's own checks find the node well" bash -c "! grep -q 'is DOWN' '$work/haproxy.log'"
check "and are no trouble in its log" bash -c "! grep -q 'from proxy .* closed' '$work/node.log'"

check "HAProxy that sends no header is closed when its time is up" refused --server "127.0.0.1:$none" \
  --local-interface 127.0.0.16
check "with a line in the log" \
  grep -q 'listener smtp from proxy 127\.0\.0\.1:.* closed: no whole PROXY header in time' "$work/node.log"

as_proxy() {
  local version=$1 source=$2
  shift 2
  send --server "127.0.0.1:$smtp" --proxy-version "$version" --proxy-family "${family:-TCP4}" --proxy-protocol STREAM \
    --proxy-command PROXY --proxy-source "$source" --proxy-source-port 40000 --proxy-dest "${dest:-198.51.100.2}" \
    --proxy-dest-port 25 "$@"
}
check "swaks as a proxy, version 1" as_proxy 1 203.0.113.21 --body by-swaks-1
check "names the client" arrives 203.0.113.21 by-swaks-1
family=AF_INET check "swaks as a proxy, version 2" as_proxy 2 203.0.113.22 --body by-swaks-2
check "names the client" arrives 203.0.113.22 by-swaks-2
check "a peer that is no proxy is not believed" refused --server "127.0.0.1:$smtp" --local-interface 127.0.0.31 \
  --proxy-version 1 --proxy-family TCP4 --proxy-source 203.0.113.23 --proxy-source-port 40000 \
  --proxy-dest 198.51.100.2 --proxy-dest-port 25
check "its header is bad SMTP" grep -q '500 5\.5' "$work/refused"
finish
