#!/usr/bin/env bash
# kill -9 under load: rounds (20, or the first argument) at random instants, and a count of every message. smtp-source
# sends beside the senders that keep the ledger.
. "$(dirname "$0")/lib.sh"
rounds=${1:-20}
ledger_dll=$root/tests/MailCluster.Ledger/bin/Release/net10.0/MailCluster.Ledger.dll
mkdir -p "$work/data"
mailcluster domain add hamburger.edu >/dev/null
echo "$password" | mailcluster account add "$bob" --password-stdin >/dev/null

check "none of the acknowledged messages is lost in $rounds kills" bash -c "
  dotnet '$ledger_dll' '$node_dll' '$work/data' '$password' '$rounds' >'$work/ledger' 2>&1"
tail -n 12 "$work/ledger"
finish
