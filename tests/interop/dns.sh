#!/usr/bin/env bash
# Where mail goes, asked of a real DNS server (dnsmasq): MX by preference, none, null, ourselves, no domain.
. "$(dirname "$0")/lib.sh"
dns=$(free_port)
mx_port=$(free_port)
choose_ports

# Every mail exchanger listens on the same port of another loopback address; the preferred one of two.example is down.
dnsmasq --keep-in-foreground --no-resolv --no-hosts --listen-address=127.0.0.1 --bind-interfaces --port="$dns" \
  --pid-file="$work/dnsmasq.pid" --user=root --local=/example/ \
  --mx-host=two.example,down.two.example,10 --mx-host=two.example,up.two.example,20 \
  --address=/down.two.example/127.0.0.3 --address=/up.two.example/127.0.0.2 \
  --host-record=plain.example,127.0.0.2 \
  --mx-host=null.example,.,0 \
  --mx-host=self.example,mail.hamburger.edu,10 --host-record=mail.hamburger.edu,127.0.0.1 \
  --mx-host=lost.example,nowhere.lost.example,10 >"$work/dnsmasq.log" 2>&1 &
pids+=("$!")
smtp-sink -u postfix -d "$work/sink.%H%M%S." "127.0.0.2:$mx_port" 100 >"$work/sink.log" 2>&1 &
pids+=("$!")
chmod 777 "$work"
answers() { perl -MNet::DNS -e 'my $r = Net::DNS::Resolver->new(nameservers => ["127.0.0.1"], port => $ARGV[0]); exit !$r->query("plain.example", "A")' "$dns"; }
wait_for 10 "dnsmasq on port $dns" answers || { cat "$work/dnsmasq.log"; exit 1; }

launch_node --set Smtp:RelayNetworks:0=127.0.0.0/8 --set Dns:Servers:0="127.0.0.1:$dns" --set Relay:OutboundPort="$mx_port" \
  --set Relay:AllowLoopbackMx=true --set Queue:RetryDelays:0=2s
for user in "$bob" "$alice"; do
  echo "$password" | mailcluster account password "$user" --password-stdin >/dev/null
done

send() { swaks --silent 1 --server "127.0.0.1:$smtp" --ehlo client.example --from "$bob" --to "$1" --body "to-$1"; }
outcome() { grep -F "to <$1>" "$work/node.log" | grep -qE "$2"; }
reaches() { send "$1" && wait_for 15 "delivery to $1" outcome "$1" "(Delivered|Relayed) .* by $2"; }
bounces() { send "$1" && wait_for 15 "failure of $1" outcome "$1" "Failed .* $2" && wait_for 15 "its bounce" any_message_has "$bob" "$1"; }

check "the second exchanger takes it when the preferred one is down" reaches carol@two.example 'up\.two\.example\[127\.0\.0\.2\]'
check "a domain without MX is reached at its own address" reaches carol@plain.example 'plain\.example\[127\.0\.0\.2\]'
check "an address literal is reached directly" reaches 'carol@[127.0.0.2]' '\[127\.0\.0\.2\]'
check "a null MX bounces with 5.1.10" bounces carol@null.example '556 5\.1\.10'
check "a domain that does not exist bounces with 5.1.2" bounces carol@missing.example '550 5\.1\.2'
check "an exchanger without address bounces with 5.4.4" bounces carol@lost.example '550 5\.4\.4'
check "ourselves among the exchangers bounces with 5.4.6" bounces carol@self.example '554 5\.4\.6'
finish
