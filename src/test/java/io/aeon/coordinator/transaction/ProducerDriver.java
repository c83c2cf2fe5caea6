package io.aeon.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.Now;
import io.aeon.coordinator.Reply;
import io.aeon.coordinator.transaction.TransactionCommand.AddPartitions;
import io.aeon.coordinator.transaction.TransactionCommand.AppendFailed;
import io.aeon.coordinator.transaction.TransactionCommand.Appended;
import io.aeon.coordinator.transaction.TransactionCommand.EndTransaction;
import io.aeon.coordinator.transaction.TransactionCommand.Expected;
import io.aeon.coordinator.transaction.TransactionCommand.InitProducer;
import io.aeon.coordinator.transaction.TransactionCommand.MarkerWritten;
import io.aeon.coordinator.transaction.TransactionCommand.ProducerIdGiven;
import io.aeon.coordinator.transaction.TransactionCommand.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One transactional id, a log that stores immediately unless told to hold, and partitions without automatic markers.
 */
public final class ProducerDriver {
    static final int TIMEOUT_MS = 1000;
    static final int PATIENCE_MS = 500;
    static final TransactionSettings SETTINGS = new TransactionSettings(60_000, 100_000, PATIENCE_MS);

    final List<TransactionRecord> log = new ArrayList<>();
    final List<Marker> markers = new ArrayList<>();
    private final String transactionalId;
    private TransactionalProducer producer;
    private @Nullable TransactionRecord inFlight;
    private Now now = new Now(1_700_000_000_000L, 0);
    private long lastProducerId = 99;
    private boolean holdsAppends;

    ProducerDriver() {
        this("id");
    }

    public ProducerDriver(String transactionalId) {
        this.transactionalId = transactionalId;
        producer = new TransactionalProducer(transactionalId, SETTINGS);
    }

    public TransactionalProducer producer() {
        return producer;
    }

    public void step(TransactionCommand command) {
        carryOut(producer.step(command, now));
    }

    private void carryOut(TransactionEffects effects) {
        markers.addAll(effects.markers());
        effects.replies().forEach(Reply::send);
        if (effects.wantsProducerId()) {
            step(new ProducerIdGiven(++lastProducerId));
        }
        if (effects.record() != null) {
            assertThat(inFlight).isNull();
            inFlight = effects.record();
            if (!holdsAppends) {
                store();
            }
        }
    }

    void holdAppends() {
        holdsAppends = true;
    }

    /** The append in flight becomes durable, and all appends that follow from it. */
    void store() {
        holdsAppends = false;
        TransactionRecord stored = inFlight;
        inFlight = null;
        log.add(stored);
        step(new Appended());
    }

    void failAppend(Errors error) {
        holdsAppends = false;
        inFlight = null;
        step(new AppendFailed(error));
    }

    /** The broker crashes and starts again with the durable records. */
    void crash() {
        inFlight = null;
        holdsAppends = false;
        markers.clear();
        producer = new TransactionalProducer(transactionalId, SETTINGS);
        log.forEach(record -> producer.replay(record, -1, 0));
        carryOut(producer.start(now));
    }

    void pass(long ms) {
        now = new Now(now.epochMs() + ms, now.elapsedMs() + ms);
        carryOut(producer.tick(now));
    }

    Now now() {
        return now;
    }

    <T> CompletableFuture<T> ask(Function<CompletableFuture<T>, Request<T>> request) {
        CompletableFuture<T> reply = new CompletableFuture<>();
        step(request.apply(reply));
        return reply;
    }

    <T> T answer(Function<CompletableFuture<T>, Request<T>> request) {
        CompletableFuture<T> reply = ask(request);
        assertThat(reply).isDone();
        return reply.join();
    }

    public InitResult init() {
        return answer(reply -> new InitProducer(TIMEOUT_MS, null, reply));
    }

    InitResult init(long producerId, int epoch) {
        return answer(reply -> new InitProducer(TIMEOUT_MS, new Expected(producerId, (short) epoch), reply));
    }

    CompletableFuture<Errors> adding(InitResult who, int version, String... topics) {
        Set<TopicPartition> partitions =
                Arrays.stream(topics).map(topic -> new TopicPartition(topic, 0)).collect(Collectors.toSet());
        return ask(
                reply -> new AddPartitions(who.producerId(), who.producerEpoch(), partitions, (short) version, reply));
    }

    Errors add(InitResult who, int version, String... topics) {
        CompletableFuture<Errors> reply = adding(who, version, topics);
        assertThat(reply).isDone();
        return reply.join();
    }

    CompletableFuture<EndResult> ending(InitResult who, int version, boolean commit) {
        return ask(reply -> new EndTransaction(who.producerId(), who.producerEpoch(), commit, (short) version, reply));
    }

    public EndResult end(InitResult who, int version, boolean commit) {
        CompletableFuture<EndResult> reply = ending(who, version, commit);
        assertThat(reply).isDone();
        return reply.join();
    }

    /** All markers that were sent so far become durable. */
    public void writeMarkers() {
        List<Marker> sent = List.copyOf(markers);
        markers.clear();
        sent.forEach(marker -> step(new MarkerWritten(marker.partition())));
    }

    TransactionState state() {
        return producer.listing().map(TransactionListing::state).orElse(TransactionState.DEAD);
    }

    /** Stores a record that an older coordinator may have written. */
    void stored(TransactionMetadata metadata) {
        log.add(new TransactionRecord(transactionalId, metadata));
        crash();
    }

    static InitResult next(EndResult end) {
        return new InitResult(end.error(), end.producerId(), end.producerEpoch());
    }
}
