package io.aeon.console;

import io.aeon.console.HangingTransactions.Remembered;
import io.aeon.console.http.HttpAnswer;
import io.aeon.console.http.HttpQuery;
import io.aeon.console.http.RefusedException;
import io.aeon.console.http.Routes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.DescribeProducersOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/producers}: the producers that the partitions of a topic remember, and the end of a transaction that hangs
 * in one of them. Opens the logs of those partitions.
 */
final class Producers {
    private static final int PATIENCE_MS = 3_000;
    private static final int MOST = 1_000;

    private final BrokerView broker;
    private final ClusterClients clients;
    private final HangingTransactions hanging;

    Producers(BrokerView broker, ClusterClients clients) {
        this.broker = broker;
        this.clients = clients;
        this.hanging =
                new HangingTransactions(clients, broker.settings().kafka().getInt("transaction.max.timeout.ms"));
    }

    void addTo(Routes routes) {
        routes.get("/api/producers", this::list);
        routes.post("/api/transactions/abort-hanging", this::abort);
    }

    /**
     * The first producers.
     *
     * @param unanswered partitions whose leader has not answered in time
     * @param hangingUnknown whether a broker has not told its transactions, so that none is shown to hang
     */
    record ShownProducers(List<ShownProducer> producers, int total, List<Integer> unanswered, boolean hangingUnknown) {}

    /**
     * A producer in one partition.
     *
     * @param lastTimestamp of its last batch, milliseconds since 1970
     * @param openFrom offset of the first record of its open transaction, null if none is open
     * @param hanging whether no coordinator will end its transaction
     */
    record ShownProducer(
            int partition,
            long producerId,
            int epoch,
            int lastSequence,
            long lastTimestamp,
            @Nullable Long openFrom,
            @Nullable Integer coordinatorEpoch,
            boolean hanging) {}

    record AbortHanging(
            @Nullable String topic,
            int partition,
            long producerId,
            short producerEpoch,
            int coordinatorEpoch,
            long openFrom) {}

    private HttpAnswer list(HttpQuery query) throws IOException, InterruptedException {
        List<TopicPartition> partitions =
                RecordTopic.partitions(TopicDetail.find(broker, query.required("topic")), query);
        var asked = clients.admin().describeProducers(partitions, options());
        List<Remembered> producers = new ArrayList<>();
        List<Integer> unanswered = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            try {
                Calls.done(asked.partitionResult(partition))
                        .activeProducers()
                        .forEach(producer -> producers.add(new Remembered(partition, producer)));
            } catch (IOException | RefusedException e) {
                unanswered.add(partition.partition());
            }
        }
        List<Remembered> first = producers.stream().limit(MOST).toList();
        Optional<Set<Remembered>> hang = hangingAmong(first);
        return Json.answer(new ShownProducers(
                first.stream()
                        .map(each -> shown(each, hang.isPresent() && hang.get().contains(each)))
                        .toList(),
                producers.size(),
                unanswered,
                hang.isEmpty()));
    }

    /** Empty if a broker does not tell its transactions. */
    private Optional<Set<Remembered>> hangingAmong(List<Remembered> producers) throws InterruptedException {
        try {
            return Optional.of(hanging.among(producers));
        } catch (IOException | RefusedException e) {
            return Optional.empty();
        }
    }

    private static DescribeProducersOptions options() {
        DescribeProducersOptions options = new DescribeProducersOptions();
        options.timeoutMs(PATIENCE_MS);
        return options;
    }

    private static ShownProducer shown(Remembered remembered, boolean hangs) {
        ProducerState producer = remembered.producer();
        OptionalLong openFrom = producer.currentTransactionStartOffset();
        OptionalInt coordinatorEpoch = producer.coordinatorEpoch();
        return new ShownProducer(
                remembered.partition().partition(),
                producer.producerId(),
                producer.producerEpoch(),
                producer.lastSequence(),
                producer.lastTimestamp(),
                openFrom.isPresent() ? openFrom.getAsLong() : null,
                coordinatorEpoch.isPresent() ? coordinatorEpoch.getAsInt() : null,
                hangs);
    }

    /** The transaction may have ended since it was shown, and another one may have begun. */
    private HttpAnswer abort(HttpQuery query) throws IOException, InterruptedException {
        AbortHanging wanted = Json.body(query, AbortHanging.class);
        if (wanted.topic() == null) {
            throw RefusedException.wrong("the name of the topic is missing");
        }
        TopicDetail.find(broker, wanted.topic());
        TopicPartition partition = new TopicPartition(wanted.topic(), wanted.partition());
        List<Remembered> same = Calls.done(clients.admin()
                        .describeProducers(List.of(partition), options())
                        .partitionResult(partition))
                .activeProducers()
                .stream()
                .filter(producer -> isMeant(wanted, producer))
                .map(producer -> new Remembered(partition, producer))
                .toList();
        if (hanging.among(same).isEmpty()) {
            throw RefusedException.wrong("producer " + wanted.producerId() + " has no hanging transaction in "
                    + partition + " from offset " + wanted.openFrom() + " on");
        }
        Calls.done(clients.admin()
                .abortTransaction(new AbortTransactionSpec(
                        partition, wanted.producerId(), wanted.producerEpoch(), wanted.coordinatorEpoch()))
                .all());
        return TopicChanges.done();
    }

    private static boolean isMeant(AbortHanging wanted, ProducerState producer) {
        return producer.producerId() == wanted.producerId()
                && producer.producerEpoch() == wanted.producerEpoch()
                && producer.currentTransactionStartOffset().equals(OptionalLong.of(wanted.openFrom()));
    }
}
