#!/usr/bin/env bash
# A cluster on this machine, to look at and to try: PostgreSQL and several nodes of the same program, each on a loopback
# address of its own. Linux, with the .NET SDK and PostgreSQL's programs installed (or LOCAL_CLUSTER_DATABASE given).
set -euo pipefail

usage() {
  cat <<'USAGE'
cluster-config/local-cluster.sh up [N]     start PostgreSQL and N nodes (3), wait until they take mail, print their ports
                                down       stop all of it, gently; the data stays
                                status     who is there, and whether it takes mail
                                kill I     kill -9 node I: what a crash does
                                stop I     SIGTERM to node I: what a restart for maintenance does
                                start I    start node I again
                                add        start one node more
                                wipe       down, and remove the data

Environment: LOCAL_CLUSTER_DATA      folder for data and logs (./data/local-cluster; as root one in /var/tmp)
             LOCAL_CLUSTER_NET       the nodes are .1, .2, .3 of this network (127.0.0)
             LOCAL_CLUSTER_DATABASE  connection string of a PostgreSQL database to use, instead of starting one
             LOCAL_CLUSTER_SET       more settings for every node, such as "Queue:RetryDelays=1m,5m Logging:Level=debug"
USAGE
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
default=$root/data/local-cluster
# PostgreSQL runs as another user than root, who may not be let into the folder of a clone.
[ "$(id -u)" -ne 0 ] || default=/var/tmp/mailcluster-local-cluster
data=$(realpath -m "${LOCAL_CLUSTER_DATA:-$default}")
net=${LOCAL_CLUSTER_NET:-127.0.0}
program=${LOCAL_CLUSTER_PROGRAM:-$root/src/MailCluster.Node/bin/Release/net10.0/MailCluster.Node.dll}
patience=90

fail() {
  echo "local-cluster: $*" >&2
  exit 1
}

running() { [ -f "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null; }

# Waits until a command succeeds; $1 says for what.
await() {
  local what=$1 end=$((SECONDS + patience))
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || fail "$what did not come within $patience s; see the logs in $data"
    sleep 0.2
  done
}

# --- PostgreSQL ---------------------------------------------------------------------------------------------------------

postgres_programs() {
  local folder
  for folder in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV) ${PATH//:/ }; do
    [ -x "$folder/initdb" ] && echo "$folder" && return
  done
  fail "PostgreSQL is not installed (apt install postgresql), and LOCAL_CLUSTER_DATABASE names none"
}

# PostgreSQL refuses to be run by root.
unprivileged=()
[ "$(id -u)" -ne 0 ] || unprivileged=(setpriv --reuid=postgres --regid=postgres --clear-groups)

free_port() {
  local port
  for port in $(seq 55432 55532); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port" && return; }
  done
}

start_postgres() {
  if [ -n "${LOCAL_CLUSTER_DATABASE:-}" ]; then
    (umask 077 && printf '%s\n' "$LOCAL_CLUSTER_DATABASE" >"$data/database")
    return
  fi
  running "$data/postgres.pid" && return
  local programs port
  programs=$(postgres_programs)
  if [ ! -d "$data/postgres" ]; then
    mkdir "$data/postgres"
    # Any folder above must let the unprivileged user pass.
    [ "$(id -u)" -ne 0 ] || chown postgres "$data/postgres"
    (cd / && "${unprivileged[@]}" "$programs/initdb" -D "$data/postgres" -A trust -U postgres -E UTF8) >"$data/initdb.log" \
      || fail "initdb failed; see $data/initdb.log"
    free_port >"$data/postgres.port"
  fi
  port=$(cat "$data/postgres.port")
  (cd / && exec setsid "${unprivileged[@]}" "$programs/postgres" -D "$data/postgres" -p "$port" -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories= -c max_connections=500) >>"$data/postgres.log" 2>&1 &
  echo $! >"$data/postgres.pid"
  await "PostgreSQL" "$programs/pg_isready" -q -U postgres -h 127.0.0.1 -p "$port"
  printf 'Host=127.0.0.1;Port=%s;Username=postgres;Database=postgres\n' "$port" >"$data/database"
}

# --- nodes --------------------------------------------------------------------------------------------------------------

settings() {
  local i=$1 setting
  # A last octet of its own makes every listener reachable on its usual port.
  for setting in Storage:Provider=postgres "Storage:ConnectionStringFile=$data/database" \
    "Cluster:Address=$net.$i" Cluster:Port=4053 "Cluster:Seeds=$net.1:4053,$net.2:4053" "Http:Address=$net.$i" \
    Listeners:{smtp,submission,submissions,imap,imaps,pop3,pop3s}":Address=$net.$i" ${LOCAL_CLUSTER_SET:-}; do
    printf -- '--set\n%s\n' "$setting"
  done
}

ready() { curl -sf -m 5 "http://$net.$1:8080/health/ready"; }

start_node() {
  local i=$1 arguments
  running "$data/node$i.pid" && return
  mkdir -p "$data/node$i"
  mapfile -t arguments < <(settings "$i")
  setsid dotnet "$program" --data "$data/node$i" "${arguments[@]}" >>"$data/node$i.log" 2>&1 </dev/null &
  echo $! >"$data/node$i.pid"
}

node_numbers() { ls -d "$data"/node*.pid 2>/dev/null | sed 's/.*node\([0-9]*\)\.pid/\1/' | sort -n; }

signal_node() {
  local signal=$1 i=${2:-}
  [ -n "$i" ] && running "$data/node$i.pid" || fail "node $i does not run"
  kill "-$signal" "$(cat "$data/node$i.pid")"
}

ended() { ! running "$1"; }

print_node() {
  local i=$1 state=down
  if running "$data/node$i.pid"; then
    state="starting"
    ready "$i" >/dev/null && state="ready"
  fi
  printf 'node %-2s %-9s pid %-8s smtp %s:2525  submission %s:2587  imap %s:2143  pop3 %s:2110  http %s:8080\n' \
    "$i" "$state" "$(cat "$data/node$i.pid" 2>/dev/null || echo -)" "$net.$i" "$net.$i" "$net.$i" "$net.$i" "$net.$i"
}

# --- commands -----------------------------------------------------------------------------------------------------------

up() {
  local count=${1:-3} i
  [[ $count =~ ^[1-9][0-9]*$ ]] || fail "up $count: a number of nodes"
  mkdir -p "$data"
  [ -f "$program" ] || dotnet build "$root/src/MailCluster.Node" -c Release -v quiet --nologo
  start_postgres
  local arguments
  mapfile -t arguments < <(settings 1)
  dotnet "$program" schema apply "${arguments[@]}"
  for i in $(seq 1 "$count"); do
    start_node "$i"
  done
  for i in $(seq 1 "$count"); do
    await "node $i" ready "$i"
    print_node "$i"
  done
  grep -h -A2 'Made for you' "$data"/node*.log | tail -n 2 || true
  echo "Logs and data: $data"
}

down() {
  local i
  for i in $(node_numbers); do
    running "$data/node$i.pid" && signal_node TERM "$i"
  done
  for i in $(node_numbers); do
    await "the end of node $i" ended "$data/node$i.pid"
    rm -f "$data/node$i.pid"
  done
  if running "$data/postgres.pid"; then
    kill -INT "$(cat "$data/postgres.pid")"
    await "the end of PostgreSQL" ended "$data/postgres.pid"
  fi
  rm -f "$data/postgres.pid"
}

status() {
  local i
  if running "$data/postgres.pid"; then
    echo "PostgreSQL on 127.0.0.1:$(cat "$data/postgres.port"), pid $(cat "$data/postgres.pid")"
  fi
  for i in $(node_numbers); do
    print_node "$i"
  done
}

add() {
  local i
  i=$(($(node_numbers | tail -n 1) + 1))
  start_node "$i"
  await "node $i" ready "$i"
  print_node "$i"
}

case ${1:-} in
  up) up "${2:-3}" ;;
  down) down ;;
  status) status ;;
  kill)
    signal_node KILL "${2:-}"
    await "the end of node $2" ended "$data/node$2.pid"
    ;;
  stop)
    signal_node TERM "${2:-}"
    await "the end of node $2" ended "$data/node$2.pid"
    ;;
  start)
    [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || fail "start needs the number of a node"
    start_node "$2"
    await "node $2" ready "$2"
    print_node "$2"
    ;;
  add) add ;;
  wipe)
    down
    rm -rf "$data"
    ;;
  *)
    usage
    [ "${1:-}" = help ] || exit 2
    ;;
esac
