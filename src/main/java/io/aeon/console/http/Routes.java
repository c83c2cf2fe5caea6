package io.aeon.console.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which resource answers which path. Set up by one thread before the port opens, which closes it at its own end. */
public final class Routes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

    private final Map<String, Resource> reads = new HashMap<>();
    private final Map<String, Resource> below = new HashMap<>();
    private final Map<String, Resource> writes = new HashMap<>();
    private final List<AutoCloseable> parts = new ArrayList<>();

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

    /** Has {@code part}, which the resources use, closed with the port. */
    public <T extends AutoCloseable> T uses(T part) {
        parts.add(part);
        return part;
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

    @Override
    public void close() {
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("The {} did not close cleanly", part.getClass().getSimpleName(), e);
            }
        }
    }
}
