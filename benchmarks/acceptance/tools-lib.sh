# Sourced by the scripts that tools-compare runs. Their arguments: DIRECTORY [PATTERN]
# DIRECTORY gets a file for each call: what it printed, with what differs by nature replaced, and its exit status.
# Most tools print in the order of a hash map: all but what consumers print is sorted. Of what is in internal topics, which
# is written as often as it takes, each line counts once.
# PATTERN: leaves out the outputs of calls whose name it does not match (they are made, since others build on them).
. "$(dirname "$0")/../lib.sh"
out=$1 only=${2:-} count=0 logs=NO-LOG-DIRECTORY-YET runner=
work=$(mktemp -d)
trap 'if [ -n "$runner" ]; then kill $runner; fi 2> /dev/null; rm -rf "$work"' EXIT

tool=("$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m -cp "$target/classes:$target/tools/*")
longest=120 # seconds that a call may take
patience=30 # seconds for which a call is repeated

normal() {
  sed -E \
    -e "s/${BOOTSTRAP//./\\.}/BOOTSTRAP/g" \
    -e "s#$work/#FILE-#g" \
    -e "s#$logs#LOGS#g" \
    ${node_ids[@]+"${node_ids[@]}"} \
    -e "s/(TopicId: |TopicId ')[A-Za-z0-9_-]{22}/\1ID/g" \
    -e 's/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/UUID/g' \
    -e 's/127\.0\.0\.1:[0-9]+( *)\([0-9]+\)/BOOTSTRAP (NODE)/g' \
    -e 's/\[[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:,]+\]/[TIME]/g' \
    -e 's/(Valid states are: ).*/\1STATES/' \
    -e 's/(console-consumer-)[0-9]+/\1N/g' \
    -e 's/(^| )[A-Za-z0-9_-]{22}( |$)/\1ID\2/g' \
    -e 's/^(__consumer_offsets:[0-9]+:).*/\1N/' \
    -e 's/CreateTime:1[0-9]{12}/CreateTime:TIME/g' \
    -e 's/LogAppendTime:[0-9]+/LogAppendTime:TIME/g' \
    -e '/(Ongoing|Abort|Commit)/s/\b1[1-9][0-9]{11}\b[[:space:]]+[0-9]+/TIME DURATION/' \
    -e 's/\b1[1-9][0-9]{11}\b/TIME/g' \
    -e '/^[ \t]+at /d' -e 's/^[ \t]+\.\.\. [0-9]+ more/ ... more/' -e 's/[ \t]+/ /g' -e 's/ $//' \
    ${more_normal[@]+"${more_normal[@]}"}
}
node_ids=(-e 's/(id: |Node: |Leader: |Replicas: |Isr: |\(id=)[0-9]+/\1NODE/g') # empty where both sides have the same ids
more_normal=() # more options of sed for what a script's calls print

start_runner() {
  rm -f "$work/calls" "$work/statuses"
  mkfifo "$work/calls" "$work/statuses"
  "${tool[@]}" io.aeon.benchmarks.acceptance.ToolCalls < "$work/calls" > "$work/statuses" &
  runner=$!
  exec {calls}> "$work/calls" {statuses}< "$work/statuses"
}

stop_runner() { # its exit status is the result
  local ended=$runner
  exec {calls}>&- {statuses}<&-
  runner=
  wait "$ended" 2> /dev/null
}

run() { # CLASS ARGUMENT...: input from stdin; what it prints is in $work/output
  local status
  if [[ $1 == *.Verifiable* ]]; then # prints its last lines when its JVM ends
    timeout -s KILL $longest "${tool[@]}" "$@" > "$work/output" 2>&1
    return
  fi
  [ -n "$runner" ] || start_runner
  cat > "$work/input"
  printf '%s\0' $(($# + 2)) "$work/output" "$work/input" "$@" >&"$calls"
  read -r -t $longest -u "$statuses" status
  case $? in
    0) return "$status" ;;
    1) stop_runner ;;
    *)
      echo "no end within $longest s" >> "$work/output"
      kill -9 "$runner"
      stop_runner
      ;;
  esac
}

call() { # NAME CLASS ARGUMENT...: input from stdin
  local name status order=sort
  case $1 in
    consume-*) order=cat ;;
    internal-*) order='sort -u' ;;
  esac
  count=$((count + 1))
  name=$(printf '%03d-%s' $count "${1//\//_}")
  shift
  run "$@"
  status=$?
  if [[ $name =~ $only ]]; then
    { normal < "$work/output" | $order; echo "exit $status"; } > "$out/$name"
  fi
}

repeat_until() { # TEST CLASS ARGUMENT...: repeats the call until the test of its output holds, for some time at most
  local holds=$1 end=$((SECONDS + patience))
  shift
  until run "$@" < /dev/null; eval "$holds" < "$work/output"; do
    [ $SECONDS -lt $end ] || break
    sleep 0.2
  done
}

printed() { # SED-PATTERN: what its group matches in the output of the last call, once
  sed -nE "s/.*$1.*/\1/p" "$work/output" | head -1
}

t=org.apache.kafka.tools
b=(--bootstrap-server "$BOOTSTRAP")
topics() { local n=$1; shift; call "topics-$n" $t.TopicCommand "${b[@]}" "$@" < /dev/null; }
configs() { local n=$1; shift; call "configs-$n" $t.ConfigCommand "${b[@]}" "$@" < /dev/null; }
groups() { local n=$1; shift; call "groups-$n" $t.consumer.group.ConsumerGroupCommand "${b[@]}" "$@" < /dev/null; }
offsets() { local n=$1; shift; call "offsets-$n" $t.GetOffsetShell "${b[@]}" "$@" < /dev/null; }
produce() { local n=$1; shift; call "produce-$n" $t.ConsoleProducer "${b[@]}" "$@"; }
consume() { local n=$1; shift; call "consume-$n" $t.consumer.ConsoleConsumer "${b[@]}" "$@" < /dev/null; }
deleterecords() { local n=$1; shift; call "delete-records-$n" $t.DeleteRecordsCommand "${b[@]}" "$@" < /dev/null; }
transactions() { local n=$1; shift; call "transactions-$n" $t.TransactionsCommand "${b[@]}" "$@" < /dev/null; }
open_transaction() { (program acceptance.OpenTransaction "$BOOTSTRAP" "$@"); } # TOPIC TRANSACTIONAL-ID
