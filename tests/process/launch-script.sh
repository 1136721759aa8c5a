# A script as users of hcom write them: launch, wait until all are ready, ask, hear, end.
# It needs nothing but hcom and sh.
set -u
fail() { echo "FAIL: $*"; hcom kill all >/dev/null 2>&1; exit 1; }

# launch two workers in the background
out=$(hcom 2 claude --headless --tag work 2>errors) || fail "launch: $? $out $(cat errors)"
names=$(echo "$out" | sed -n 's/^Names: //p')
batch=$(echo "$out" | sed -n 's/^Batch id: //p')
[ -n "$names" ] || fail "no names in: $out"
[ -n "$batch" ] || fail "no batch in: $out"
set -- $names
[ $# = 2 ] || fail "two names expected: $names"

# each of them is known, with its batch
for name; do
  hcom list "$name" --json >row.json || fail "list $name"
  grep -q "\"name\":\"$name\"" row.json || fail "name of $name: $(cat row.json)"
  grep -q "\"full_name\":\"work-$name\"" row.json || fail "tag of $name: $(cat row.json)"
done
ready=$(hcom events --sql "type = 'life' AND instance IN ('$1', '$2')" --last 50 |
  grep '"ready"' | grep -c "$batch")
[ "$ready" = 2 ] || fail "ready events with the batch: $ready"

# take part, ask both, and wait for their answers
me=$(hcom start | sed -n 's/.*\[hcom:\([a-z]*\)\].*/\1/p' | tail -1)
[ -n "$me" ] || fail "no name of my own"
for name; do
  receipt=$(hcom send "@work-$name" --name "$me" --json --intent request -- \
    "[[RUN hcom send @$me -- answer of $name]] please answer") || fail "send: $receipt"
  echo "$receipt" | grep -q "\"delivered_to\":\[\"$name\"\]" || fail "receipt: $receipt"
  id=$(echo "$receipt" | sed -n 's/.*"event_id":\([0-9]*\).*/\1/p')
  hcom events --sql "id = $id" --full | grep -q "\"delivered_to\":\[\"$name\"\]" ||
    fail "event $id: $(hcom events --sql "id = $id" --full)"
done
heard=0
while [ "$heard" -lt 2 ]; do
  mail=$(hcom listen --name "$me" --timeout 20 --json) || fail "listen: $? $mail"
  heard=$((heard + $(echo "$mail" | grep -o 'answer of [a-z]*' | sort -u | wc -l)))
done

# a launch of mine is told to me
hcom claude --headless --name "$me" >third || fail "third: $(cat third)"
third=$(sed -n 's/^Names: //p' third)
mail=$(hcom listen --name "$me" --timeout 20 --json) || fail "launcher's mail: $? $mail"
echo "$mail" | grep -q 'hcom-launcher' || fail "from whom: $mail"
echo "$mail" | grep -q "All 1 instance ready: $third" || fail "who is ready: $mail"

# one that cannot start is said, with the reason
FAKE_AGENT_FAILS=1 hcom claude --headless >failed 2>&1
[ $? = 1 ] || fail "exit code of a failed launch: $(cat failed)"
grep -q "failed: " failed || fail "reason of a failed launch: $(cat failed)"

# the group is addressed by its tag, and the receipt has the names that the launch had
receipt=$(hcom send @work- --name "$me" --json -- thanks) || fail "send to the group: $receipt"
for name; do echo "$receipt" | grep -q "\"$name\"" || fail "group: $receipt"; done
hcom send "@work-$1" --name "$me" -- bye | grep -q "^Sent to: .*work-$1" || fail "receipt in words"

# end all
hcom kill all --json >killed || hcom kill all --go --json >killed || fail "kill: $(cat killed)"
[ -z "$(hcom list --names | grep -v "^$me$")" ] || fail "left: $(hcom list --names)"
echo "ALL GOOD"
