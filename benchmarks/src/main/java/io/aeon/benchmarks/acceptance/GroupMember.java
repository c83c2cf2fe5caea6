package io.aeon.benchmarks.acceptance;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * One consumer of a group in a process of its own, so that it can be killed. Arguments: bootstrap, topic, group, the
 * assignor's class (or {@code consumer} for the consumer protocol, {@code pattern} for it with a subscription by
 * pattern), the group instance id or {@code -}, the session timeout in milliseconds, a file. The file gets a line
 * {@code partition offset} for each record, before the record's offset is committed, and a line that starts with
 * {@code #} when partitions come or go.
 */
final class GroupMember {
    private GroupMember() {}

    public static void main(String[] args) throws Exception {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", args[0]);
        settings.put("group.id", args[2]);
        boolean pattern = args[3].equals("pattern");
        if (pattern || args[3].equals("consumer")) {
            settings.put("group.protocol", "consumer");
        } else {
            settings.put("partition.assignment.strategy", args[3]);
            settings.put("session.timeout.ms", Integer.parseInt(args[5]));
            settings.put("heartbeat.interval.ms", Integer.parseInt(args[5]) / 6);
        }
        if (!args[4].equals("-")) {
            settings.put("group.instance.id", args[4]);
        }
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", false);
        KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            consumer.wakeup();
            try {
                main.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }));
        try (consumer;
                BufferedWriter file = Files.newBufferedWriter(
                        Path.of(args[6]), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            if (pattern) {
                consumer.subscribe(new SubscriptionPattern(args[1]), new Told(file));
            } else {
                consumer.subscribe(List.of(args[1]), new Told(file));
            }
            while (true) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    file.write(record.partition() + " " + record.offset() + "\n");
                }
                file.flush();
                commit(consumer);
            }
        } catch (WakeupException stopped) {
            return;
        }
    }

    private static void commit(KafkaConsumer<String, String> consumer) {
        try {
            consumer.commitSync();
        } catch (CommitFailedException | RebalanceInProgressException anotherGeneration) {
            return;
        }
    }

    private record Told(BufferedWriter file) implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            tell("assigned", partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            tell("revoked", partitions);
        }

        private void tell(String what, Collection<TopicPartition> partitions) {
            try {
                file.write("# " + what + " " + partitions + "\n");
                file.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
