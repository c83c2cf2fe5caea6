# Sourced by the wrappers here: compiles the programs and fetches the class paths when they are missing or old.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target=$here/target
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

stale() { # FILE: older than the pom or a source, or not there
  [ ! -f "$1" ] || [ -n "$(find "$here/pom.xml" "$here/src" -newer "$1" -type f -print -quit)" ]
}

build() {
  if stale "$target/.programs"; then
    (cd "$here" && mvn -q -B -ntp compile dependency:copy-dependencies -DoutputDirectory="$target/programs") >&2
    touch "$target/.programs"
  fi
  local path
  for path in kafka tools; do
    if [ ! -f "$target/.$path" ] || [ "$here/pom.xml" -nt "$target/.$path" ]; then
      (cd "$here" && mvn -q -B -ntp -P$path dependency:copy-dependencies -DoutputDirectory="$target/$path") >&2
      touch "$target/.$path"
    fi
  done
}

program() { # CLASS ARGUMENT...: becomes that program of io.aeon.benchmarks
  build
  local class=$1
  shift
  exec "$java" -Xmx1g -XX:+UseParallelGC -Dbenchmarks.target="$target" -cp "$target/classes:$target/programs/*" \
    "io.aeon.benchmarks.$class" "$@"
}
