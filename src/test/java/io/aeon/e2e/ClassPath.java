package io.aeon.e2e;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** The jars and directories from which the tests' own classes are loaded. */
final class ClassPath {
    static final ClassLoader LOADER = Objects.requireNonNull(ClassPath.class.getClassLoader());

    private ClassPath() {}

    static List<URL> roots() throws IOException {
        List<URL> roots = new ArrayList<>(Collections.list(LOADER.getResources("")));
        roots.removeIf(root -> !root.getProtocol().equals("file"));
        for (URL manifest : Collections.list(LOADER.getResources("META-INF/MANIFEST.MF"))) {
            if (manifest.openConnection() instanceof JarURLConnection jar) {
                roots.add(jar.getJarFileURL());
            }
        }
        return roots;
    }
}
