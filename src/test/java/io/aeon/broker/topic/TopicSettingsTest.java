package io.aeon.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.broker.FakeMetadata;
import io.aeon.config.KafkaSupport;
import io.aeon.config.KafkaSupport.Kind;
import io.aeon.config.OtherValue;
import io.aeon.metadata.Metadata;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.junit.jupiter.api.Test;

class TopicSettingsTest {
    private static final ConfigDef DEFINITION = LogConfig.configDefCopy();

    /** The controller reads the first one when it elects a leader, and the throttles of replication read the others. */
    private static final Set<String> OF_THE_CLUSTER = Set.of(
            "unclean.leader.election.enable",
            "leader.replication.throttled.replicas",
            "follower.replication.throttled.replicas");

    /** A setting that is honoured by the list only would change nothing. */
    @Test
    void everyHonouredSettingOfATopicChangesWhatTheDataPathReads() {
        List<String> honoured = DEFINITION.names().stream()
                .filter(name -> !OF_THE_CLUSTER.contains(name))
                .filter(name -> KafkaSupport.ofTopic(name).orElseThrow().kind() == Kind.HONOURED)
                .sorted()
                .toList();

        assertThat(honoured).hasSizeGreaterThan(20).allSatisfy(name -> {
            Map<String, String> usual = beside(name);
            Map<String, String> other = new HashMap<>(usual);
            other.put(name, OtherValue.of(DEFINITION.configKeys().get(name)));
            assertThat(settings(other)).isNotEqualTo(settings(usual));
        });
    }

    /** The level of a codec counts for topics that are stored with it. */
    private static Map<String, String> beside(String name) {
        String codec = name.replaceAll("^compression\\.(.*)\\.level$", "$1");
        return codec.equals(name) ? Map.of() : Map.of("compression.type", codec);
    }

    private static TopicSettings settings(Map<String, String> overrides) {
        FakeMetadata cluster = new FakeMetadata();
        cluster.add("t", 1);
        cluster.override("t", overrides);
        Metadata metadata = cluster.metadata();
        return new TopicSettingsCache(metadata.nodeId(), metadata.topicConfigs()::of).of(metadata.image(), "t");
    }
}
