package io.aeon.test;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loads the broker and its libraries from {@link NestedJars}, and everything else from the platform class loader: never
 * from the class path. Only {@code io.aeon.control} is the project's, which calls the broker by the types there. It
 * looks at the jars first, because the platform class loader would answer each class of the broker with an exception,
 * which takes longer than to load the class.
 */
final class BrokerClassLoader extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private static final String SHARED = "io.aeon.control.";

    private final NestedJars jars;

    BrokerClassLoader(NestedJars jars) {
        super("aeon", getPlatformClassLoader());
        this.jars = jars;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.startsWith(SHARED)) {
            return Class.forName(name, false, BrokerClassLoader.class.getClassLoader());
        }
        List<NestedFile> files = jars.find(name.replace('.', '/').concat(".class"));
        return files.isEmpty() ? super.loadClass(name, resolve) : load(name, files.get(0));
    }

    private Class<?> load(String name, NestedFile file) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            try {
                byte[] bytes = file.content();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    @Override
    protected @Nullable URL findResource(String name) {
        List<NestedFile> files = jars.find(name);
        return files.isEmpty() ? null : url(name, files.get(0));
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
        List<URL> urls = new ArrayList<>();
        jars.find(name).forEach(file -> urls.add(url(name, file)));
        return Collections.enumeration(urls);
    }

    private static URL url(String name, NestedFile file) {
        try {
            return new URL("aeon", "", -1, "/" + name, new NestedFileHandler(file));
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(name, e);
        }
    }
}
