package io.aeon.test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files below {@code META-INF/aeon/} in a jar, and those in the jars that lie there uncompressed. They are read
 * where they are: a copy in another place would have to be kept, shared by processes, and removed. Immutable.
 */
final class NestedJars {
    private static final String BELOW = "META-INF/aeon/";
    /** Files that no class loader of the broker asks for. */
    private static final String OF_NEWER_JDKS = "META-INF/versions/";

    private static final int EXPECTED_FILES = 32_000;

    private final Map<String, List<NestedFile>> files = new HashMap<>(EXPECTED_FILES);

    private NestedJars() {}

    static NestedJars of(Path jar) throws IOException {
        NestedJars all = new NestedJars();
        FileParts parts = FileParts.open(jar);
        Map<String, NestedFile> nested = new LinkedHashMap<>();
        new ZipDirectory(parts, 0, parts.length()).forEach((name, file) -> {
            if (name.startsWith(BELOW)) {
                nested.put(name.substring(BELOW.length()), file);
            }
        });
        for (Map.Entry<String, NestedFile> each : nested.entrySet()) {
            if (each.getKey().endsWith(".jar")) {
                each.getValue().asDirectory().forEach(all::add);
            } else {
                all.add(each.getKey(), each.getValue());
            }
        }
        return all;
    }

    private void add(String name, NestedFile file) {
        if (!name.endsWith("/") && !name.startsWith(OF_NEWER_JDKS)) {
            files.merge(name, List.of(file), NestedJars::joined);
        }
    }

    private static List<NestedFile> joined(List<NestedFile> some, List<NestedFile> others) {
        List<NestedFile> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }

    /** All files of that name, with {@code /} between its parts. */
    List<NestedFile> find(String name) {
        return files.getOrDefault(name, List.of());
    }
}
