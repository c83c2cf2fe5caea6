package io.aeon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class DefaultsLoaderTest {
    private final ClassLoader loader = new DefaultsLoader();
    private final ClassLoader usual = getClass().getClassLoader();

    @Test
    void findsTheDefaultSettingsOfAeonAndOfAllItsLibraries() throws IOException {
        List<URL> found = Collections.list(loader.getResources("reference.conf"));
        List<URL> all = Collections.list(usual.getResources("reference.conf"));

        assertThat(found.get(0)).hasToString(ownDefaults());
        assertThat(all.stream().map(URL::toString).filter(DefaultsLoaderTest::isOfBroker))
                .allSatisfy(url -> assertThat(found.stream().map(URL::toString)).contains(url));
    }

    private String ownDefaults() {
        return DefaultsLoader.class.getProtectionDomain().getCodeSource().getLocation() + "reference.conf";
    }

    /** The libraries of the tests have settings of their own. */
    private static boolean isOfBroker(String url) {
        return !url.contains("testkit");
    }

    @Test
    void findsFilesThatTheDefaultSettingsOfALibraryInclude() throws IOException {
        assertThat(Collections.list(loader.getResources("version.conf"))).hasSize(1);
        assertThat(Collections.list(loader.getResources("version.json"))).isEmpty();
    }

    @Test
    void findsServicesAsUsualAndNoManifests() throws IOException {
        String service = "META-INF/services/org.slf4j.spi.SLF4JServiceProvider";

        assertThat(Collections.list(loader.getResources(service)))
                .isNotEmpty()
                .isEqualTo(Collections.list(usual.getResources(service)));
        assertThat(Collections.list(loader.getResources("META-INF/MANIFEST.MF")))
                .isEmpty();
    }

    @Test
    void loadsClassesByTheLoaderOfAeon() throws ClassNotFoundException {
        assertThat(loader.loadClass("akka.actor.ActorSystem").getClassLoader()).isSameAs(usual);
    }
}
