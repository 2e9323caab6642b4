#!/usr/bin/env bash
# cluster-config/local-cluster.sh as its README has it: three nodes, mail in at one and out at another, a node killed, one
# more, and the end of all of it. Skips nothing: PostgreSQL must be installed.
. "$(dirname "$0")/lib.sh"
export LOCAL_CLUSTER_NET=127.77.$((RANDOM % 200 + 20))
LOCAL_CLUSTER_DATA=$(mktemp -d /var/tmp/mailcluster-cluster.XXXXXX)
export LOCAL_CLUSTER_DATA
chmod 711 "$LOCAL_CLUSTER_DATA" # for PostgreSQL's user
trap 'cluster wipe >/dev/null 2>&1; rm -rf "$LOCAL_CLUSTER_DATA"; clean_up' EXIT

cluster() { "$root/cluster-config/local-cluster.sh" "$@"; }
says() { cluster status | grep -qE "$1"; }
refused() { ! "$@"; }
send() {
  printf '%s\r\n' 'HELO crepes.fr' 'MAIL FROM:<alice@crepes.fr>' "RCPT TO:<$bob>" 'DATA' "Subject: $2" '' "$2" '.' 'QUIT' |
    nc -q 5 "$LOCAL_CLUSTER_NET.$1" 2525 | grep -q 'queued as'
}
# reads NODE TEXT: bob finds the text at this node.
reads() {
  curl -s -u "$bob:$made" "imap://$LOCAL_CLUSTER_NET.$1:2143/INBOX" -X "SEARCH BODY \"$2\"" | grep -qE 'SEARCH [0-9]'
}

cluster up 3 >"$work/up" 2>&1
check "up 3: says where each node listens" [ "$(grep -cE '^node [123] .*ready .*smtp .*imap .*pop3 .*http' "$work/up")" = 3 ]
made=$(sed -n "s/^ *$bob *\([^ ]*\).*/\1/p" "$work/up")
check "up 3: prints the password made for bob" [ -n "$made" ]
check "status: three are ready" [ "$(cluster status | grep -c ' ready ')" = 3 ]
check "mail goes in at the first node" send 1 ketchup
check "and is read at the third" wait_for 10 "the message at node 3" reads 3 ketchup
check "kill 2" cluster kill 2
check "status: node 2 is down" says '^node 2 +down '
check "without it mail goes in and out" send 3 pickles
check "at the first node" wait_for 60 "the message at node 1" reads 1 pickles
check "start 2" cluster start 2
check "add" cluster add
check "status: four are ready" [ "$(cluster status | grep -c ' ready ')" = 4 ]
check "the fourth has the mail, too" wait_for 10 "the message at node 4" reads 4 ketchup
check "stop 4: what a restart for maintenance does" cluster stop 4
check "kill of a node that does not run says so" refused cluster kill 4
check "down" cluster down
check "and nobody answers" refused curl -s -m 2 "http://$LOCAL_CLUSTER_NET.1:8080/health/live"
check "up: the data is still there" cluster up 1
check "and so is the mail" wait_for 20 "the message at node 1" reads 1 ketchup
finish
