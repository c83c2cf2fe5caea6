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
import org.apache.commons.cli.Options;
import org.apache.kafka.clients.admin.DescribeProducersResult;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Prints transactional ids, their transactions and how long these are open. */
final class TransactionsCommand implements Subcommand {
    private static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

    private final PrintStream out;
    private final Clock clock;

    TransactionsCommand(PrintStream out, Clock clock) {
        this.out = out;
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
            for (TransactionListing each :
                    cluster.get(cluster.admin().listTransactions().all())) {
                ids.add(each.transactionalId());
            }
            if (id.isPresent()) {
                if (!ids.contains(id.get())) {
                    throw new CommandException("there is no transactional id " + id.get());
                }
                ids = Set.of(id.get());
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
            Cluster.known(described.description(id)).ifPresent(transaction -> transactions.put(id, transaction));
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
        DescribeProducersResult producers = cluster.admin().describeProducers(transaction.topicPartitions());
        for (TopicPartition partition :
                transaction.topicPartitions().stream().sorted(ORDER).toList()) {
            KafkaFuture<DescribeProducersResult.PartitionProducerState> state = producers.partitionResult(partition);
            Optional<ProducerState> producer = Cluster.known(state)
                    .flatMap(found -> found.activeProducers().stream()
                            .filter(each -> each.producerId() == transaction.producerId())
                            .findFirst());
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
}
