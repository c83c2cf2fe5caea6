package io.aeon.test.spring;

import io.aeon.control.BrokerControl;
import io.aeon.test.AeonBroker;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.test.EmbeddedKafkaBroker;

/**
 * A broker of Aeon in an application context. It runs already when a test gets it, so the methods that configure a
 * broker before its start fail with an IllegalStateException.
 */
public final class EmbeddedAeonBroker implements EmbeddedKafkaBroker {
    private static final Duration POLL = Duration.ofMillis(50);

    private final AeonBroker broker;
    private final int partitions;
    private final Set<String> topics = new LinkedHashSet<>();
    private Duration adminTimeout;
    private volatile @Nullable ExitHook atExit;

    EmbeddedAeonBroker(AeonBroker broker, int partitions, Duration adminTimeout) {
        this.broker = broker;
        this.partitions = partitions;
        this.adminTimeout = adminTimeout;
    }

    /** Stops the broker when the JVM exits and its context is not active, as after a start that failed early. */
    void stopsAtExitUnless(BooleanSupplier contextIsActive) {
        atExit = ExitHook.add(contextIsActive, broker::close);
    }

    /** Faults and other conditions that a test decides, to see how a program deals with them. */
    public BrokerControl control() {
        return broker.control();
    }

    @Override
    public String getBrokersAsString() {
        return broker.bootstrapServers();
    }

    @Override
    public synchronized Set<String> getTopics() {
        return new HashSet<>(topics);
    }

    @Override
    public int getPartitionsPerTopic() {
        return partitions;
    }

    @Override
    public void addTopics(String... topicsToAdd) {
        for (String topic : topicsToAdd) {
            broker.createTopic(topic, partitions);
            added(topic);
        }
    }

    @Override
    public void addTopics(NewTopic... topicsToAdd) {
        addTopicsWithResults(topicsToAdd).forEach((topic, failure) -> {
            if (failure != null) {
                throw new IllegalArgumentException(
                        "the topic " + topic + " is refused: " + failure.getMessage(), failure);
            }
        });
    }

    @Override
    public Map<String, @Nullable Exception> addTopicsWithResults(String... topicsToAdd) {
        return addTopicsWithResults(Arrays.stream(topicsToAdd)
                .map(topic -> new NewTopic(topic, partitions, (short) 1))
                .toArray(NewTopic[]::new));
    }

    @Override
    public Map<String, @Nullable Exception> addTopicsWithResults(NewTopic... topicsToAdd) {
        Map<String, @Nullable Exception> results = new HashMap<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", getBrokersAsString()))) {
            admin.createTopics(List.of(topicsToAdd))
                    .values()
                    .forEach((topic, created) -> results.put(topic, failure(topic, created)));
        }
        return results;
    }

    private @Nullable Exception failure(String topic, KafkaFuture<Void> created) {
        try {
            created.get(adminTimeout.toSeconds(), TimeUnit.SECONDS);
            added(topic);
            return null;
        } catch (ExecutionException e) {
            return e.getCause() instanceof Exception cause ? cause : e;
        } catch (TimeoutException e) {
            return e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e;
        }
    }

    private synchronized void added(String topic) {
        topics.add(topic);
    }

    @Override
    public void consumeFromAllEmbeddedTopics(Consumer<?, ?> consumer) {
        consumeFromAllEmbeddedTopics(consumer, false);
    }

    @Override
    public void consumeFromAllEmbeddedTopics(Consumer<?, ?> consumer, boolean seekToEnd) {
        consumeFromEmbeddedTopics(consumer, seekToEnd, getTopics().toArray(String[]::new));
    }

    @Override
    public void consumeFromAnEmbeddedTopic(Consumer<?, ?> consumer, String topic) {
        consumeFromEmbeddedTopics(consumer, false, topic);
    }

    @Override
    public void consumeFromAnEmbeddedTopic(Consumer<?, ?> consumer, boolean seekToEnd, String topic) {
        consumeFromEmbeddedTopics(consumer, seekToEnd, topic);
    }

    @Override
    public void consumeFromEmbeddedTopics(Consumer<?, ?> consumer, String... topicsToConsume) {
        consumeFromEmbeddedTopics(consumer, false, topicsToConsume);
    }

    @Override
    public void consumeFromEmbeddedTopics(Consumer<?, ?> consumer, boolean seekToEnd, String... topicsToConsume) {
        List<String> wanted = List.of(topicsToConsume);
        if (!getTopics().containsAll(wanted)) {
            throw new IllegalStateException("of " + wanted + " only these are embedded topics: " + getTopics());
        }
        Set<TopicPartition> assigned = new HashSet<>();
        consumer.subscribe(wanted, new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> more) {
                assigned.addAll(more);
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> gone) {
                assigned.removeAll(gone);
            }
        });
        long end = System.nanoTime() + adminTimeout.toNanos();
        while (assigned.isEmpty()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the consumer has got no partition of " + wanted);
            }
            consumer.poll(POLL);
        }
        if (seekToEnd) {
            consumer.seekToEnd(assigned);
        } else {
            consumer.seekToBeginning(assigned);
        }
        assigned.forEach(consumer::position);
    }

    @Override
    public EmbeddedKafkaBroker adminTimeout(int seconds) {
        adminTimeout = Duration.ofSeconds(seconds);
        return this;
    }

    @Override
    public EmbeddedKafkaBroker kafkaPorts(int... ports) {
        throw new IllegalStateException("the broker runs; its port is an attribute of @EmbeddedAeon");
    }

    @Override
    public EmbeddedKafkaBroker brokerProperties(Map<String, String> properties) {
        throw new IllegalStateException("the broker runs; its settings are attributes of @EmbeddedAeon");
    }

    @Override
    public EmbeddedKafkaBroker brokerListProperty(String name) {
        throw new IllegalStateException("the broker runs; this property is an attribute of @EmbeddedAeon");
    }

    /** Stops the broker. Idempotent. */
    @Override
    public void destroy() {
        broker.close();
        ExitHook hook = atExit;
        if (hook != null) {
            hook.remove();
        }
    }
}
