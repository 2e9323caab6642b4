#!/usr/bin/env bash
# Throws hostile input at the sessions and parsers for as long as one likes: fuzz.sh [seconds for each property], 60 if
# not said. The same properties run for a moment in every dotnet test; they start from tests/corpus and the dialogues,
# and a failure prints the seed that repeats it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export CsCheck_Time=${1:-60}
for target in Smtp:SessionPropertyTests Smtp:ReplyReaderPropertyTests Pop3:SessionPropertyTests \
  Imap:SessionPropertyTests Imap:ConsistencyPropertyTests Storage:StoredPlays Mail:AddressPropertyTests \
  Node:ProxyHeaderPropertyTests; do
  dotnet test "tests/MailCluster.${target%%:*}.Tests" --filter "${target##*:}"
done
