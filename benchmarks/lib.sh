# Sourced by the wrappers here: compiles the programs and fetches the class paths when they are missing or old.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target=$here/target
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

stale() { # FILE: older than the pom or a source, or not there
  [ ! -f "$1" ] || [ -n "$(find "$here/pom.xml" "$here/src" -newer "$1" -type f -print -quit)" ]
}

jars() { # PROFILE: its class path, in a directory of that name
  if [ ! -f "$target/.$1" ] || [ "$here/pom.xml" -nt "$target/.$1" ]; then
    (cd "$here" && mvn -q -B -ntp -P"$1" dependency:copy-dependencies -DoutputDirectory="$target/$1") >&2
    touch "$target/.$1"
  fi
}

programs() {
  if stale "$target/.programs"; then
    (cd "$here" && mvn -q -B -ntp compile dependency:copy-dependencies -DoutputDirectory="$target/programs") >&2
    touch "$target/.programs"
  fi
}

build() {
  programs
  jars kafka
  jars tools
}

program() { # CLASS ARGUMENT...: becomes that program of io.aeon.benchmarks
  build
  become "$@"
}

become() { # CLASS ARGUMENT...: the same, when all that it needs is there
  local class=$1
  shift
  exec "$java" -Xmx1g -XX:+UseParallelGC -Dbenchmarks.target="$target" -cp "$target/classes:$target/programs/*" \
    "io.aeon.benchmarks.$class" "$@"
}

needs_librdkafka() { # RIG: $PYTHON has it from then on
  export PYTHON=/usr/bin/python3 # the one that Debian's packages are for
  $PYTHON -c 'import confluent_kafka' 2>/dev/null ||
    { echo "$1 needs librdkafka (Debian: apt-get install python3-confluent-kafka)" >&2; exit 1; }
}

needs_kafkajs() { # RIG: programs that node runs find kafkajs from then on
  local tool version=2.2.4
  for tool in node npm; do
    command -v $tool >/dev/null || { echo "$1 needs $tool (Debian: apt-get install nodejs npm)" >&2; exit 1; }
  done
  local modules=$target/kafkajs-$version
  [ -d "$modules/node_modules/kafkajs" ] ||
    npm install --silent --no-audit --no-fund --prefix "$modules" kafkajs@$version
  export NODE_PATH=$modules/node_modules KAFKAJS_NO_PARTITIONER_WARNING=1
}
