package io.aeon.api.transactions;

import io.aeon.api.ApiHandler;
import io.aeon.api.groups.CoordinatorTopic;
import io.aeon.broker.BrokerServices;
import io.aeon.broker.transaction.TransactionServices;
import io.aeon.metadata.Metadata;
import java.time.Clock;
import java.util.List;

/** The handlers of this package. */
public final class TransactionHandlers {
    private TransactionHandlers() {}

    public static List<ApiHandler<?>> all(
            BrokerServices services, Metadata metadata, CoordinatorTopic offsetsTopic, Clock clock) {
        TransactionServices transactions = services.transactions();
        return List.of(
                new InitProducerIdHandler(transactions),
                new AddPartitionsToTxnHandler(transactions.coordinators(), metadata),
                new AddOffsetsToTxnHandler(transactions.coordinators(), offsetsTopic),
                new EndTxnHandler(transactions.coordinators()),
                new WriteTxnMarkersHandler(transactions.markers(), metadata),
                new DescribeTransactionsHandler(transactions.coordinators()),
                new ListTransactionsHandler(transactions.coordinators(), clock));
    }
}
