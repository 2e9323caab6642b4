# What every script here shares: a node on free ports, checks that count, and an end that takes only what it started.
# Source it; then start_node, check NAME COMMAND..., and at the end finish.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
node_dll=${MAILCLUSTER_DLL:-$root/src/MailCluster.Node/bin/Release/net10.0/MailCluster.Node.dll}
suite=$(basename "$0" .sh)
work=$(mktemp -d "${TMPDIR:-/tmp}/mailcluster-$suite.XXXXXX")
passed=0
failed=0
pids=()

bob=bob@hamburger.edu
alice=alice@hamburger.edu
password=correct-horse-battery

free_port() {
  perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1")->sockport'
}

# wait_for SECONDS WHAT COMMAND...: until the command succeeds, or says what was missing.
wait_for() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      echo "# waited in vain for: $what" >&2
      return 1
    fi
    perl -e 'select undef, undef, undef, 0.1'
  done
}

listens() { perl -MIO::Socket::INET -e 'exit !IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $ARGV[0])' "$1"; }

mailcluster() { dotnet "$node_dll" "$@" --data "$work/data"; }

choose_ports() {
  smtp=$(free_port) submission=$(free_port) submissions=$(free_port) pop3=$(free_port) pop3s=$(free_port) http=$(free_port)
}

# launch_node [--set Key=Value ...]: on the chosen ports, with the data folder that may be there already.
launch_node() {
  dotnet "$node_dll" --data "$work/data" \
    --set Listeners:smtp:Port="$smtp" --set Listeners:submission:Port="$submission" \
    --set Listeners:submissions:Port="$submissions" --set Listeners:pop3:Port="$pop3" \
    --set Listeners:pop3s:Port="$pop3s" --set Listeners:imap:Port=0 --set Listeners:imaps:Port=0 \
    --set Http:Port="$http" "$@" >>"$work/node.log" 2>&1 &
  node_pid=$!
  pids+=("$node_pid")
  wait_for 60 "the node's readiness on HTTP port $http" curl -sf "http://127.0.0.1:$http/health/ready" || {
    tail -n 30 "$work/node.log" >&2
    exit 1
  }
}

start_node() {
  choose_ports
  launch_node "$@"
  for user in "$bob" "$alice"; do
    echo "$password" | mailcluster account password "$user" --password-stdin >/dev/null
  done
}

stop_node() {
  kill -TERM "$node_pid"
  wait "$node_pid"
}

# check NAME COMMAND...: counts, and shows what a failed command printed.
check() {
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then
    passed=$((passed + 1))
    echo "ok $suite: $name"
  else
    failed=$((failed + 1))
    echo "not ok $suite: $name"
    printf '%s\n' "$output" | tail -n 25 | sed 's/^/#   /'
  fi
}

pop3_url() { echo "pop3://127.0.0.1:$pop3/${1-}"; }

# Octets of the last message of a maildrop, or nothing.
last_message() {
  local user=$1 last
  last=$(curl -s -u "$user:$password" "$(pop3_url)" | tail -n 1 | cut -d ' ' -f 1)
  [ -n "$last" ] && curl -s -u "$user:$password" "$(pop3_url "$last")"
}

any_message_has() {
  local user=$1 text=$2 number
  for number in $(curl -s -u "$user:$password" "$(pop3_url)" | cut -d ' ' -f 1); do
    curl -s -u "$user:$password" "$(pop3_url "$number")" | grep -qF -- "$text" && return 0
  done
  return 1
}

finish() {
  echo "$passed $failed" >>"${INTEROP_RESULTS:-/dev/null}"
  echo "# $suite: $passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}

clean_up() {
  for pid in "${pids[@]}"; do
    kill -TERM "$pid" 2>/dev/null
  done
  for pid in "${pids[@]}"; do
    wait "$pid" 2>/dev/null
  done
  rm -rf "$work"
}
trap clean_up EXIT
