package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import io.aeon.config.AeonSettings;
import io.aeon.config.SettingsSources;
import io.aeon.embedded.Aeon;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A broker of a class loader of its own, as in a plug-in: its parent does not know Aeon, and the context class loader
 * of the thread that starts the broker knows no Aeon or has other copies of its classes.
 */
class OwnClassLoaderIT {
    private final Thread thread = Thread.currentThread();
    private final ClassLoader ours = Objects.requireNonNull(thread.getContextClassLoader());

    @TempDir
    private Path dir;

    private URLClassLoader own;
    private URLClassLoader program;

    @BeforeEach
    void createLoader() throws IOException {
        own = new URLClassLoader(ClassPath.roots().toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    @AfterEach
    void closeLoader() throws IOException {
        thread.setContextClassLoader(ours);
        own.close();
        program.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void servesClients(boolean contextKnowsOtherCopies) throws Exception {
        enterProgram(contextKnowsOtherCopies);
        Object builder =
                own.loadClass(Aeon.class.getName()).getMethod("builder").invoke(null);
        use((AutoCloseable) builder.getClass().getMethod("start").invoke(builder));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void servesClientsWithSettingsThatTheCallerHasLoaded(boolean contextKnowsOtherCopies) throws Exception {
        enterProgram(contextKnowsOtherCopies);
        Map<String, Object> given = Map.of("aeon.data-dir", dir.toString(), "aeon.listeners.client.port", 0);
        Object sources = own.loadClass(SettingsSources.class.getName())
                .getMethod("given", Map[].class)
                .invoke(null, (Object) new Map<?, ?>[] {given});
        Class<?> settings = own.loadClass(AeonSettings.class.getName());
        Object loaded = settings.getMethod("load", own.loadClass(Config.class.getName()))
                .invoke(null, sources);
        use((AutoCloseable)
                own.loadClass(Aeon.class.getName()).getMethod("start", settings).invoke(null, loaded));
    }

    private void enterProgram(boolean knowsOtherCopies) {
        program = new URLClassLoader(new URL[0], knowsOtherCopies ? ours : ClassLoader.getPlatformClassLoader());
        thread.setContextClassLoader(program);
    }

    private void use(AutoCloseable broker) throws Exception {
        assertThat(thread.getContextClassLoader()).isSameAs(program);
        thread.setContextClassLoader(ours);
        try (broker) {
            assertThat(broker).isNotInstanceOf(Aeon.class);
            assertThat(Thread.getAllStackTraces().keySet())
                    .as("threads that would keep the program's loader")
                    .noneMatch(each -> each.getContextClassLoader() == program);
            Clients clients = new Clients(
                    (String) broker.getClass().getMethod("bootstrapServers").invoke(broker));
            clients.create("topic", 1, Map.of("compression.type", "zstd"));
            clients.send("topic", List.of("a", "b"), Map.of("enable.idempotence", true));
            assertThat(Clients.values(clients.read("topic", 0, 2))).containsExactly("a", "b");
            changeSettings(clients);
        }
    }

    private static void changeSettings(Clients clients) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "topic");
        ConfigResource cluster = new ConfigResource(ConfigResource.Type.BROKER, "");
        try (var admin = clients.admin()) {
            done(admin.incrementalAlterConfigs(Map.of(
                            topic, List.of(set("cleanup.policy", "compact")),
                            cluster, List.of(set("log.retention.ms", "1000000"))))
                    .all());
            var shown = done(admin.describeConfigs(List.of(topic, cluster)).all());
            assertThat(shown.get(topic).get("cleanup.policy").value()).isEqualTo("compact");
            assertThat(shown.get(cluster).get("log.retention.ms").value()).isEqualTo("1000000");
        }
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }
}
