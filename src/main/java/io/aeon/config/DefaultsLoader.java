package io.aeon.config;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;

/**
 * Loads what the class loader of Aeon loads, but looks for files of settings, which have no directory, only in Aeon and
 * in the libraries that have default settings. A search through the whole class path would open every jar. It finds no
 * manifests, which Akka would read to compare the versions of its parts; the build has pinned them.
 */
final class DefaultsLoader extends ClassLoader {
    private static final String DEFAULTS = "reference.conf";
    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    /** One class of each library with default settings. */
    private static final List<String> OWNERS = List.of(
            "akka.actor.ActorSystem",
            "akka.actor.typed.ActorSystem",
            "akka.stream.Materializer",
            "com.typesafe.sslconfig.ssl.SSLConfigSettings");

    /** Empty if the class loader of Aeon does not tell where its classes come from. */
    private final Optional<Places> places;

    /**
     * @param own default settings of Aeon
     * @param libraries finds files in the libraries alone
     */
    private record Places(URL own, URLClassLoader libraries) {}

    DefaultsLoader() {
        super("aeon-defaults", DefaultsLoader.class.getClassLoader());
        this.places = places();
    }

    private Optional<Places> places() {
        try {
            Optional<URL> own = place(DefaultsLoader.class);
            List<URL> libraries = new ArrayList<>();
            for (String owner : OWNERS) {
                place(Class.forName(owner, false, getParent())).ifPresent(libraries::add);
            }
            return own.isEmpty() || libraries.size() < OWNERS.size()
                    ? Optional.empty()
                    : Optional.of(new Places(
                            ownDefaults(own.get()), new URLClassLoader(libraries.toArray(URL[]::new), null)));
        } catch (ClassNotFoundException | MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<URL> place(Class<?> type) {
        return Optional.ofNullable(type.getProtectionDomain().getCodeSource()).map(CodeSource::getLocation);
    }

    /** A class loader for this place would follow the manifest, which names all jars. */
    private static URL ownDefaults(URL place) throws MalformedURLException {
        return new URL(place.getPath().endsWith("/") ? place + DEFAULTS : "jar:" + place + "!/" + DEFAULTS);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        if (name.equals(MANIFEST)) {
            return Collections.emptyEnumeration();
        }
        if (places.isEmpty() || name.contains("/")) {
            return super.getResources(name);
        }
        Places known = places.get();
        List<URL> files = Collections.list(known.libraries().findResources(name));
        if (name.equals(DEFAULTS)) {
            files.add(0, known.own());
        }
        return Collections.enumeration(files);
    }
}
