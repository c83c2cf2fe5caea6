package io.aeon.console;

import io.aeon.console.http.HttpAnswer;
import io.aeon.console.http.HttpQuery;
import io.aeon.console.http.RefusedException;
import io.aeon.console.http.Routes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/transactions}: the transactional ids, those with an open transaction first; and the end of one by force.
 */
final class Transactions {
    /** A coordinator aborts an open transaction at its timeout; one that is open for so much longer hangs. */
    private static final long LATE_MS = 20_000;

    private static final int MOST_PARTITIONS = 20;

    private final ClusterClients clients;

    Transactions(ClusterClients clients) {
        this.clients = clients;
    }

    void addTo(Routes routes) {
        routes.get("/api/transactions", this::list);
        routes.post("/api/transactions/abort", this::abort);
    }

    /**
     * A transactional id.
     *
     * @param openMs how long its transaction is open, null if none is
     * @param hanging whether it should have been aborted by now
     */
    record ShownTransaction(
            String id,
            String state,
            long producerId,
            @Nullable Integer producerEpoch,
            @Nullable Integer coordinator,
            @Nullable Long timeoutMs,
            @Nullable Long openMs,
            boolean hanging,
            List<String> partitions,
            int partitionCount) {}

    record Abort(@Nullable String id) {}

    private HttpAnswer list(HttpQuery query) throws IOException, InterruptedException {
        Predicate<String> search = Page.search(query);
        boolean openOnly = query.text("open").isPresent();
        List<TransactionListing> all = Calls.done(
                        clients.admin().listTransactions().all())
                .stream()
                .filter(each -> search.test(each.transactionalId()))
                .filter(each -> !openOnly || isOpen(each.state()))
                .sorted(Comparator.comparing((TransactionListing each) -> !isOpen(each.state()))
                        .thenComparing(TransactionListing::transactionalId))
                .toList();
        Page<TransactionListing> page = Page.of(all, query);
        return Json.answer(new Page<>(page.total(), page.offset(), described(page.items())));
    }

    /** The open ones among {@code all} that are late. */
    List<ShownTransaction> hanging() throws IOException, InterruptedException {
        List<TransactionListing> open = Calls.done(
                        clients.admin().listTransactions().all())
                .stream()
                .filter(each -> isOpen(each.state()))
                .limit(1_000)
                .toList();
        return described(open).stream().filter(ShownTransaction::hanging).toList();
    }

    private List<ShownTransaction> described(List<TransactionListing> listed) throws IOException, InterruptedException {
        List<String> ids =
                listed.stream().map(TransactionListing::transactionalId).toList();
        var described = clients.admin().describeTransactions(ids);
        List<ShownTransaction> shown = new ArrayList<>();
        for (TransactionListing each : listed) {
            shown.add(shown(each, described.description(each.transactionalId())));
        }
        return shown;
    }

    private static ShownTransaction shown(TransactionListing listed, KafkaFuture<TransactionDescription> asked)
            throws IOException, InterruptedException {
        TransactionDescription told = null;
        try {
            told = Calls.done(asked);
        } catch (RefusedException e) {
            // It is gone since it was listed.
        }
        // One that has ended is told with the time at which it began.
        OptionalLong begun =
                told == null || !isOpen(told.state()) ? OptionalLong.empty() : told.transactionStartTimeMs();
        Long openMs = begun.isPresent() ? Math.max(0, System.currentTimeMillis() - begun.getAsLong()) : null;
        return new ShownTransaction(
                listed.transactionalId(),
                (told == null ? listed.state() : told.state()).toString(),
                listed.producerId(),
                told == null ? null : told.producerEpoch(),
                told == null ? null : told.coordinatorId(),
                told == null ? null : told.transactionTimeoutMs(),
                openMs,
                told != null && openMs != null && openMs > told.transactionTimeoutMs() + LATE_MS,
                told == null ? List.of() : names(told),
                told == null ? 0 : told.topicPartitions().size());
    }

    private static List<String> names(TransactionDescription told) {
        return told.topicPartitions().stream()
                .map(TopicPartition::toString)
                .sorted()
                .limit(MOST_PARTITIONS)
                .toList();
    }

    private static boolean isOpen(TransactionState state) {
        return switch (state) {
            case ONGOING, PREPARE_ABORT, PREPARE_COMMIT, PREPARE_EPOCH_FENCE -> true;
            default -> false;
        };
    }

    private HttpAnswer abort(HttpQuery query) throws IOException, InterruptedException {
        String id = Json.body(query, Abort.class).id();
        if (id == null) {
            throw RefusedException.wrong("the transactional id is missing");
        }
        // For an id that does not exist it would make one.
        TransactionDescription there =
                Calls.done(clients.admin().describeTransactions(List.of(id)).description(id));
        if (!isOpen(there.state())) {
            throw RefusedException.wrong("no transaction of " + id + " is open; it is " + there.state());
        }
        Calls.done(clients.admin().forceTerminateTransaction(id).result());
        return TopicChanges.done();
    }
}
