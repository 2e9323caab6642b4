#!/usr/bin/env bash
# 500 connections (or the first argument) send a message of 25 MB each at the same time: all are taken, and the process
# never has 1 GiB of memory. The messages go to a next hop that is down, so that all of them are on disk at the end.
. "$(dirname "$0")/lib.sh"
connections=${1:-500}
octets=$((25 * 1000 * 1000))
most_kib=$((1024 * 1024))
start_node --set Smtp:RelayNetworks:0=127.0.0.0/8 --set Relay:SmartHost:Host=127.0.0.1 \
  --set Relay:SmartHost:Port="$(free_port)" --set Relay:MinBackOff=1h --set Relay:MaxBackOff=2h \
  --set Smtp:MaxMessageSize=30000000 --set Smtp:MaxConnectionsPerAddress=1000

peak_kib() { awk '$1 == "VmHWM:" {print $2}' "/proc/$node_pid/status"; }
is_below_limit() { [ "$(peak_kib)" -lt "$most_kib" ]; }
are_queued() { [ "$(mailcluster queue list --limit 1000 --set Http:Port="$http" | grep -c 'big@sink.example')" -eq "$connections" ]; }

check "$connections connections send 25 MB each at once" \
  timeout 1200 smtp-source -s "$connections" -m "$connections" -l "$octets" \
  -f sender@source.example -t big@sink.example "127.0.0.1:$smtp"
check "each of them is queued" are_queued
check "with less than 1 GiB of memory" is_below_limit
echo "# big: at most $(($(peak_kib) / 1024)) MiB of memory"
finish
