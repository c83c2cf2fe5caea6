package io.aeon.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.coordinator.group.api.assignor.PartitionAssignor;
import org.apache.kafka.coordinator.share.ShareCoordinatorConfig;
import org.apache.kafka.coordinator.transaction.TransactionLogConfig;
import org.apache.kafka.metadata.KafkaConfigSchema;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.apache.kafka.server.config.ServerConfigs;
import org.apache.kafka.server.log.remote.storage.RemoteLogManagerConfig;
import org.apache.kafka.server.log.remote.storage.RemoteStorageManager;
import org.apache.kafka.server.metrics.ClientMetricsConfigs;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.junit.jupiter.api.Test;

/** The definitions that Aeon walks are all that Kafka's server libraries have. */
class KafkaDefinitionsTest {
    private static final List<Class<?>> ONE_OF_EACH_LIBRARY = List.of(
            ServerConfigs.class,
            MetadataVersion.class,
            LogConfig.class,
            RemoteStorageManager.class,
            QuorumConfig.class,
            KafkaConfigSchema.class,
            GroupConfig.class,
            PartitionAssignor.class,
            ShareCoordinatorConfig.class,
            TransactionLogConfig.class);
    /** These combine or select definitions of other classes, and need libraries that Aeon does not have. */
    private static final Set<String> PARTS_OF_THE_BROKER = Set.of(
            "org.apache.kafka.server.config.AbstractKafkaConfig",
            "org.apache.kafka.server.config.DynamicConfig$Broker");

    private static final String TYPE = "Lorg/apache/kafka/common/config/ConfigDef;";

    /** Definitions of other things than brokers, topics, groups and client metrics, with what they are. */
    private static final Map<String, String> OTHERS = Map.of(
            "org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManagerConfig",
            "settings of a plug-in for tiered storage");

    @Test
    void theDefinitionOfTheBrokerIsTheOneOfKafkasBroker() {
        JavaClass broker = new ClassFileImporter().importClass(AbstractKafkaConfig.class);
        Set<String> kafkas = new TreeSet<>(RemoteLogManagerConfig.configDef().names());
        List<String> read = broker.getFieldAccessesFromSelf().stream()
                .map(JavaFieldAccess::getTarget)
                .filter(field -> field.getRawType().isEquivalentTo(ConfigDef.class))
                .filter(field -> !field.getOwner().isEquivalentTo(AbstractKafkaConfig.class))
                .map(field -> field.getOwner().getName())
                .distinct()
                .toList();
        assertThat(read).hasSize(18);
        read.forEach(type -> found(type).forEach((field, names) -> {
            if (field.endsWith("CONFIG_DEF")) {
                kafkas.addAll(names);
            }
        }));

        assertThat(new TreeSet<>(KafkaSettings.definition().names())).isEqualTo(kafkas);
    }

    @Test
    void kafkasServerHasNoOtherDefinitions() throws Exception {
        Set<String> walked = new TreeSet<>(KafkaSettings.definition().names());
        walked.addAll(LogConfig.configNames());
        walked.addAll(GroupConfig.CONFIG_DEF.names());
        walked.addAll(ClientMetricsConfigs.configDef().names());

        Map<String, Set<String>> found = definitions();

        assertThat(found).containsKeys(GroupConfig.class.getName(), LogConfig.class.getName());
        OTHERS.keySet()
                .forEach(other -> assertThat(found.remove(other)).as(other).isNotNull());
        found.forEach((type, names) -> assertThat(walked).as(type).containsAll(names));
    }

    /** The names that the static fields of Kafka's server classes define, by class. */
    private static Map<String, Set<String>> definitions() throws IOException {
        Map<String, Set<String>> all = new TreeMap<>();
        for (Class<?> one : ONE_OF_EACH_LIBRARY) {
            for (String type : typesWithDefinitions(
                    one.getProtectionDomain().getCodeSource().getLocation().getPath())) {
                found(type)
                        .values()
                        .forEach(names -> all.computeIfAbsent(type, each -> new TreeSet<>())
                                .addAll(names));
            }
        }
        return all;
    }

    /** The names that the static fields of a class define, by field. */
    private static Map<String, Set<String>> found(String type) {
        Map<String, Set<String>> found = new TreeMap<>();
        try {
            for (Field field : Class.forName(type).getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) && ConfigDef.class.isAssignableFrom(field.getType())) {
                    field.setAccessible(true);
                    found.put(field.getName(), ((ConfigDef) field.get(null)).names());
                }
            }
        } catch (ReflectiveOperationException | LinkageError e) {
            assertThat(PARTS_OF_THE_BROKER).as(type + ": " + e).contains(type);
        }
        return found;
    }

    private static List<String> typesWithDefinitions(String jar) throws IOException {
        List<String> types = new ArrayList<>();
        try (JarFile file = new JarFile(jar)) {
            for (JarEntry entry : file.stream()
                    .filter(each -> each.getName().endsWith(".class"))
                    .toList()) {
                try (InputStream in = file.getInputStream(entry)) {
                    if (new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).contains(TYPE)) {
                        types.add(entry.getName().replace('/', '.').replaceAll("\\.class$", ""));
                    }
                }
            }
        }
        return types;
    }
}
