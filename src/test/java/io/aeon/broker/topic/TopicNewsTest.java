package io.aeon.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.broker.FakeMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class TopicNewsTest {
    private final FakeMetadata metadata = new FakeMetadata();
    private final List<String> told = new ArrayList<>();

    @Test
    void eachChangeOfATopicIsReportedOnce() {
        TopicNews news = new TopicNews(metadata.metadata().image(), told::add);
        Uuid id = metadata.add("orders", 3);
        metadata.override("orders", Map.of("cleanup.policy", "compact"));
        tell(news);
        tell(news);
        metadata.override("orders", Map.of());
        tell(news);
        metadata.remove("orders");
        tell(news);

        assertThat(told)
                .containsExactly(
                        "Topic orders (" + id + ") is created: 3 partitions, {cleanup.policy=compact}",
                        "Topic orders (" + id + ") is changed: 3 partitions",
                        "Topic orders (" + id + ") is deleted");
    }

    @Test
    void existingTopicsAreNotReported() {
        metadata.add("orders", 1);
        TopicNews news = new TopicNews(metadata.metadata().image(), told::add);
        tell(news);

        assertThat(told).isEmpty();
    }

    private void tell(TopicNews news) {
        news.of(metadata.change().change());
    }
}
