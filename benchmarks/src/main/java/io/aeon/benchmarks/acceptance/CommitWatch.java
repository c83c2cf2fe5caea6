package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** Looks at a group's committed offsets all the time and remembers each that went back. */
final class CommitWatch implements AutoCloseable {
    private static final int EVERY_MILLIS = 50;

    private final Admin admin;
    private final String group;
    private final List<String> wentBack = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::run, "commit-watch");
    private volatile Map<Integer, Long> committed = Map.of();
    private volatile boolean stopped;

    CommitWatch(String bootstrap, String group) {
        admin = Topics.admin(bootstrap);
        this.group = group;
        thread.start();
    }

    private void run() {
        while (!stopped) {
            try {
                look();
            } catch (ExecutionException noSuchGroupYet) {
                continue;
            } catch (InterruptedException e) {
                return;
            } finally {
                BrokerProcess.pause(EVERY_MILLIS);
            }
        }
    }

    private void look() throws ExecutionException, InterruptedException {
        Map<Integer, Long> now = new HashMap<>();
        admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        now.put(partition.partition(), offset.offset());
                    }
                });
        committed.forEach((partition, before) -> {
            Long after = now.get(partition);
            if (after == null || after < before) {
                wentBack.add(partition + ": " + before + " -> " + after);
            }
        });
        committed = now;
    }

    /** As last seen, by partition. */
    Map<Integer, Long> committed() {
        return committed;
    }

    List<String> wentBack() {
        return wentBack;
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        admin.close();
    }
}
