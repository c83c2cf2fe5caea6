# Sourced by the scripts that tools-compare runs. Their arguments: DIRECTORY [PATTERN]
# DIRECTORY gets a file for each call: what it printed, with what differs by nature replaced, and its exit status.
# Most tools print in the order of a hash map: all but what consumers print is sorted.
# PATTERN: leaves out the outputs of calls whose name it does not match (they are made, since others build on them).
. "$(dirname "$0")/../lib.sh"
out=$1 only=${2:-} count=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

tool=("$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m -cp "$target/tools/*")

normal() {
  sed -E \
    -e "s/${BOOTSTRAP//./\\.}/BOOTSTRAP/g" \
    -e "s/(id: |Node: |Leader: |Replicas: |Isr: |\(id=)[0-9]+/\1NODE/g" \
    -e 's/TopicId: [A-Za-z0-9_-]{22}/TopicId: ID/g' \
    -e 's/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/UUID/g' \
    -e 's/127\.0\.0\.1:[0-9]+( *)\([0-9]+\)/BOOTSTRAP (NODE)/g' \
    -e 's/\[[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:,]+\]/[TIME]/g' \
    -e 's/(Valid states are: ).*/\1STATES/' \
    -e 's/(console-consumer-)[0-9]+/\1N/g' \
    -e 's/(^| )[A-Za-z0-9_-]{22}( |$)/\1ID\2/g' \
    -e 's/^(__consumer_offsets:[0-9]+:).*/\1N/' \
    -e 's/CreateTime:[0-9]+/CreateTime:TIME/g' \
    -e 's/LogAppendTime:[0-9]+/LogAppendTime:TIME/g' \
    -e '/(Ongoing|Abort|Commit)/s/\b1[1-9][0-9]{11}\b[[:space:]]+[0-9]+/TIME DURATION/' \
    -e 's/\b1[1-9][0-9]{11}\b/TIME/g' \
    -e '/^[ \t]+at /d' -e 's/[ \t]+/ /g' -e 's/ $//'
}

call() { # NAME CLASS ARGUMENT...: input from stdin where there is some
  local name status order=sort
  [[ $1 == consume-* ]] && order=cat
  count=$((count + 1))
  name=$(printf '%03d-%s' $count "$1")
  shift
  "${tool[@]}" "$@" > "$work/output" 2>&1
  status=$?
  if [[ $name =~ $only ]]; then
    { normal < "$work/output" | $order; echo "exit $status"; } > "$out/$name"
  fi
}

t=org.apache.kafka.tools
b=(--bootstrap-server "$BOOTSTRAP")
topics() { local n=$1; shift; call "topics-$n" $t.TopicCommand "${b[@]}" "$@" < /dev/null; }
