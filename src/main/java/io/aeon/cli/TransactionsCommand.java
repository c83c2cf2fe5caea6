package io.aeon.cli;

import java.io.PrintStream;
import java.time.Clock;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.commons.cli.Options;
import org.apache.kafka.clients.admin.DescribeProducersOptions;
import org.apache.kafka.clients.admin.DescribeProducersResult;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.jspecify.annotations.Nullable;

/** Prints transactional ids, their transactions and how long these are open. */
final class TransactionsCommand implements Subcommand {
    private static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

    private static final int PATIENCE_MS = 3_000;

    private final PrintStream out;
    private final PrintStream err;
    private final Clock clock;

    /** @param err gets a line on each partition that has not told its producers */
    TransactionsCommand(PrintStream out, PrintStream err, Clock clock) {
        this.out = out;
        this.err = err;
        this.clock = clock;
    }

    @Override
    public String words() {
        return "transactions";
    }

    @Override
    public String summary() {
        return "Print transactional ids with the state and the age of their transactions.";
    }

    @Override
    public String more() {
        return "With ID the partitions of its transaction: consumers with isolation level read_committed do not read beyond"
                + " its first record there. kafka-transactions aborts a transaction and finds those that no coordinator"
                + " knows.";
    }

    @Override
    public String operand() {
        return "[ID]";
    }

    @Override
    public Options options() {
        return Cluster.options();
    }

    @Override
    public int run(Given given) throws InterruptedException {
        Optional<String> id = given.optionalOperand();
        try (Cluster cluster = Cluster.of(given)) {
            Set<String> ids = new HashSet<>();
            var byBroker = cluster.get(cluster.admin().listTransactions().byBrokerId());
            for (Map.Entry<Integer, KafkaFuture<Collection<TransactionListing>>> asked : byBroker.entrySet()) {
                Cluster.get("broker " + asked.getKey(), "its transactions", asked.getValue())
                        .forEach(each -> ids.add(each.transactionalId()));
            }
            if (id.isPresent()) {
                if (!ids.contains(id.get())) {
                    throw new CommandException("there is no transactional id " + id.get());
                }
                ids.retainAll(Set.of(id.get()));
            }
            Map<String, TransactionDescription> transactions = described(cluster, ids);
            Listing all = all(transactions);
            Listing.print(
                    out,
                    given.has(Cluster.JSON),
                    id.isPresent() ? List.of(all, partitions(cluster, transactions.get(id.get()))) : List.of(all));
        }
        return Main.OK;
    }

    /** Leaves out an id that has expired meanwhile. */
    private static Map<String, TransactionDescription> described(Cluster cluster, Collection<String> ids)
            throws InterruptedException {
        Map<String, TransactionDescription> transactions = new TreeMap<>();
        var described = cluster.admin().describeTransactions(ids);
        for (String id : ids) {
            try {
                transactions.put(id, described.description(id).get());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TransactionalIdNotFoundException)) {
                    throw cluster.failure(e);
                }
            }
        }
        return transactions;
    }

    private Listing all(Map<String, TransactionDescription> transactions) {
        Listing listing = new Listing(
                "transactions",
                "transactional id",
                "state",
                "open for:openForMs",
                "timeout:timeoutMs",
                "partitions",
                "producer id",
                "epoch",
                "coordinator");
        transactions.forEach((id, transaction) -> listing.row(
                id,
                transaction.state().toString(),
                openFor(transaction),
                Listing.millis(transaction.transactionTimeoutMs()),
                transaction.topicPartitions().size(),
                transaction.producerId(),
                transaction.producerEpoch(),
                transaction.coordinatorId()));
        return listing;
    }

    private @Nullable Object openFor(TransactionDescription transaction) {
        OptionalLong begun = transaction.transactionStartTimeMs();
        boolean open = transaction.state() != TransactionState.EMPTY
                && transaction.state() != TransactionState.COMPLETE_COMMIT
                && transaction.state() != TransactionState.COMPLETE_ABORT;
        return open && begun.isPresent() ? Listing.millis(clock.millis() - begun.getAsLong()) : null;
    }

    private Listing partitions(Cluster cluster, @Nullable TransactionDescription transaction)
            throws InterruptedException {
        Listing listing = new Listing("partitions", "partition", "first offset", "last record:lastRecordMs");
        if (transaction == null) {
            return listing;
        }
        DescribeProducersOptions options = new DescribeProducersOptions();
        options.timeoutMs(PATIENCE_MS);
        DescribeProducersResult producers = cluster.admin().describeProducers(transaction.topicPartitions(), options);
        for (TopicPartition partition :
                transaction.topicPartitions().stream().sorted(ORDER).toList()) {
            Optional<ProducerState> producer =
                    producer(partition, producers.partitionResult(partition), transaction.producerId());
            OptionalLong first =
                    producer.map(ProducerState::currentTransactionStartOffset).orElse(OptionalLong.empty());
            listing.row(
                    partition.toString(),
                    first.isPresent() ? first.getAsLong() : null,
                    producer.map(each -> Listing.millis(clock.millis() - each.lastTimestamp()))
                            .orElse(null));
        }
        return listing;
    }

    private Optional<ProducerState> producer(
            TopicPartition partition,
            KafkaFuture<DescribeProducersResult.PartitionProducerState> asked,
            long producerId)
            throws InterruptedException {
        try {
            return asked.get().activeProducers().stream()
                    .filter(each -> each.producerId() == producerId)
                    .findFirst();
        } catch (ExecutionException e) {
            err.println("aeon: partition " + partition + Cluster.gap("its producers", PATIENCE_MS, e));
            return Optional.empty();
        }
    }
}
