package io.aeon.e2e;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The class path of a project that has the test dependency: its jar, the tests' classes, and those of the tests'
 * libraries that are named. Nothing else of Aeon can be loaded.
 */
final class Project extends URLClassLoader {
    /** @param packages beginnings of the names of classes that the project has as the tests have them */
    Project(Path jar, List<String> packages) throws IOException, URISyntaxException {
        super(new URL[] {jar.toUri().toURL(), testClasses()}, new Libraries(packages));
    }

    private static URL testClasses() throws IOException, URISyntaxException {
        String name = Project.class.getName().replace('.', '/') + ".class";
        for (URL root : ClassPath.roots()) {
            if (Files.exists(Path.of(root.toURI()).resolve(name))) {
                return root;
            }
        }
        throw new IllegalStateException("no directory has " + name);
    }

    /** A new object of the project's class of that name. */
    <T> T create(Class<?> type, Class<T> as) throws ReflectiveOperationException {
        return as.cast(loadClass(type.getName()).getConstructor().newInstance());
    }

    private static final class Libraries extends ClassLoader {
        private final List<String> packages;

        private Libraries(List<String> packages) {
            super(getPlatformClassLoader());
            this.packages = packages;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (packages.stream().anyMatch(name::startsWith)) {
                return ClassPath.LOADER.loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }
}
