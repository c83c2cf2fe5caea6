package io.aeon.console.http;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which resource answers which path. Set up by one thread before the server opens. */
public final class Routes {
    private final Map<String, Resource> reads = new HashMap<>();
    private final Map<String, Resource> below = new HashMap<>();
    private final Map<String, Resource> writes = new HashMap<>();

    /** Has {@code resource} answer GET and HEAD at {@code path}, and at no path below it. */
    public Routes get(String path, Resource resource) {
        reads.put(path, resource);
        return this;
    }

    /** Has {@code resource} answer GET and HEAD at all paths that begin with {@code folder}. */
    public Routes getBelow(String folder, Resource resource) {
        below.put(folder, resource);
        return this;
    }

    /** Has {@code resource} answer POST at {@code path}, if the server takes it at all. */
    public Routes post(String path, Resource resource) {
        writes.put(path, resource);
        return this;
    }

    Optional<Resource> reads(String path) {
        return Optional.ofNullable(reads.get(path))
                .or(() -> below.keySet().stream()
                        .filter(path::startsWith)
                        .findFirst()
                        .map(below::get));
    }

    Optional<Resource> writes(String path) {
        return Optional.ofNullable(writes.get(path));
    }
}
