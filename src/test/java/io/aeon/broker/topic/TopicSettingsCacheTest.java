package io.aeon.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.broker.FakeMetadata;
import io.aeon.metadata.ClusterImage;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TopicSettingsCacheTest {
    private final FakeMetadata cluster = new FakeMetadata();
    private final AtomicInteger computed = new AtomicInteger();
    private final TopicSettingsCache cache = new TopicSettingsCache(FakeMetadata.SELF, (image, topic) -> {
        computed.incrementAndGet();
        return cluster.metadata().topicConfigs().of(image, topic);
    });

    @Test
    void aTopicThatIsNotUsedKeepsNoOldImageInMemory() {
        cluster.add("idle", 1);
        WeakReference<ClusterImage> old = new WeakReference<>(image());
        TopicSettings settings = cache.of(old.get(), "idle");

        await().untilAsserted(() -> {
            System.gc();
            assertThat(old.refersTo(null)).isTrue();
        });

        assertThat(cache.of(image(), "idle")).isSameAs(settings);
    }

    @Test
    void settingsAreComputedAgainOnlyAfterAChange() {
        cluster.add("t", 1);
        ClusterImage image = image();
        cache.of(image, "t");
        cache.of(image, "t");
        cache.of(image(), "t");
        assertThat(computed).hasValue(1);

        cluster.override("t", Map.of("max.message.bytes", "7"));
        cache.of(image(), "t");
        assertThat(computed).hasValue(2);
    }

    @Test
    void aRequestThatBeganBeforeTheDeletionLeavesNothing() {
        cluster.add("gone", 1);
        ClusterImage before = image();
        cache.of(before, "gone");
        cache.forget("gone", image());
        cache.of(before, "gone");
        cache.of(before, "gone");

        assertThat(computed).hasValue(3);
    }

    private ClusterImage image() {
        return cluster.metadata().image();
    }
}
