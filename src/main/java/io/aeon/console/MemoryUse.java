package io.aeon.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The memory of this process in bytes.
 *
 * @param heapUsed with what the next collection frees
 * @param heapMost the heap may take so much
 * @param anonymous resident memory that no file has, null if the system does not tell
 */
record MemoryUse(long heapUsed, long heapMost, @Nullable Long anonymous) {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String ANONYMOUS = "RssAnon:";

    static MemoryUse now() {
        Runtime runtime = Runtime.getRuntime();
        return new MemoryUse(runtime.totalMemory() - runtime.freeMemory(), runtime.maxMemory(), readAnonymous());
    }

    private static @Nullable Long readAnonymous() {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(ANONYMOUS))
                    .map(line -> Long.parseLong(line.substring(ANONYMOUS.length())
                                    .replace("kB", "")
                                    .trim())
                            << 10)
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            return null;
        }
    }
}
