package io.aeon.metadata.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

/** Which clusters a broker may join. */
class FeatureLevelsTest {
    private static final short LATEST_METADATA =
            FeatureLevels.supported().get("metadata.version").max();

    @Test
    void aClusterWithoutOtherFeaturesIsJoined() {
        assertThatCode(() -> FeatureLevels.requireSupported(levels(Map.of(
                        "metadata.version", LATEST_METADATA,
                        "group.version", 1,
                        "transaction.version", 2,
                        "eligible.leader.replicas.version", 1,
                        "kraft.version", 1,
                        "share.version", 0))))
                .doesNotThrowAnyException();
    }

    @Test
    void featuresThatAeonDoesNotHaveAreNamedWithTheCommandThatLowersThem() {
        assertThatThrownBy(() -> FeatureLevels.requireSupported(
                        levels(Map.of("group.version", 1, "share.version", 2, "streams.version", 1))))
                .isInstanceOf(ConfigException.class)
                .hasMessage("The cluster has features that Aeon does not have: share.version at level 2,"
                        + " streams.version at level 1. Lower them first, if nothing uses them:"
                        + " kafka-features downgrade --feature share.version=0 --feature streams.version=0");
    }

    @Test
    void aLevelBeyondTheHighestOneIsNamedToo() {
        assertThatThrownBy(
                        () -> FeatureLevels.requireSupported(levels(Map.of("metadata.version", LATEST_METADATA + 1))))
                .hasMessageContaining("metadata.version at level " + (LATEST_METADATA + 1))
                .hasMessageEndingWith("--feature metadata.version=" + LATEST_METADATA);
    }

    @Test
    void aBrokerOffersOnlyTheFeaturesThatItHas() {
        assertThat(FeatureLevels.OF_CLUSTER_BROKER)
                .containsOnlyKeys(
                        "metadata.version",
                        "group.version",
                        "transaction.version",
                        "eligible.leader.replicas.version",
                        "kraft.version");
    }

    private static Map<String, Short> levels(Map<String, ? extends Number> levels) {
        return levels.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, level -> level.getValue().shortValue()));
    }
}
