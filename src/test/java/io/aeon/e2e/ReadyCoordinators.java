package io.aeon.e2e;

import static org.awaitility.Awaitility.await;

import io.aeon.embedded.Aeon;
import java.util.List;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;

/**
 * The broker creates the topic of its coordinators when the first client looks for one. On a slow disk that client gets
 * COORDINATOR_NOT_AVAILABLE, and then COORDINATOR_LOAD_IN_PROGRESS. Kafka's clients retry; a {@link WireClient} does not.
 */
final class ReadyCoordinators {
    private static final int FIRST_VERSION_WITH_MANY_KEYS = 4;

    private ReadyCoordinators() {}

    /** Waits until the only broker of a cluster coordinates all groups. */
    static void ofGroups(Aeon broker) {
        untilReady(broker, CoordinatorType.GROUP, ApiKeys.LIST_GROUPS, new ListGroupsRequestData());
    }

    /** Waits until the only broker of a cluster coordinates all transactional ids. */
    static void ofTransactions(Aeon broker) {
        untilReady(broker, CoordinatorType.TRANSACTION, ApiKeys.LIST_TRANSACTIONS, new ListTransactionsRequestData());
    }

    private static void untilReady(Aeon broker, CoordinatorType type, ApiKeys list, ApiMessage listRequest) {
        FindCoordinatorRequestData find =
                new FindCoordinatorRequestData().setKeyType(type.id()).setCoordinatorKeys(List.of("any"));
        try (WireClient client = new WireClient("127.0.0.1", broker.port())) {
            untilWell(client, ApiKeys.FIND_COORDINATOR, FIRST_VERSION_WITH_MANY_KEYS, find);
            untilWell(client, list, 0, listRequest);
        }
    }

    private static void untilWell(WireClient client, ApiKeys api, int version, ApiMessage request) {
        await().untilAsserted(() -> Conversation.assertWell(client.call(api, version, request)));
    }
}
