package io.aeon.counters;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.counters.TopicTraffic.Totals;
import org.junit.jupiter.api.Test;

class BrokerCountersTest {
    private final BrokerCounters counters = new BrokerCounters();

    @Test
    void allTopicsIncludeDeletedOnes() {
        counters.topic("gone").appended(3, 300);
        counters.topic("kept").appended(2, 200);

        counters.forget("gone");
        counters.topic("gone").appended(1, 100);

        assertThat(counters.topics()).containsOnlyKeys("gone", "kept");
        assertThat(counters.topics().get("gone").records()).isOne();
        assertThat(counters.all().records()).isEqualTo(6);
        assertThat(counters.all().bytesIn()).isEqualTo(600);
    }

    @Test
    void readsOfConsumersAndFollowersAreToldApart() {
        TopicTraffic topic = counters.topic("orders");
        topic.read(10);
        topic.copiedOut(20);
        topic.readRefused();
        topic.appendRefused();
        topic.copiedIn(30);

        assertThat(counters.all()).isEqualTo(new Totals(0, 0, 0, 1, 2, 10, 1, 30, 20));
    }
}
