package io.aeon.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.aeon.PatientWaits;
import io.aeon.e2e.WireClient;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The quota of partitions that a client creates and deletes (KIP-599), in a cluster of several nodes. */
class PartitionQuotaIT {
    private static final double PER_SECOND = 1;
    /** One more than a client may create at once, so that the next topic of the same request is refused. */
    private static final int PARTITIONS = 12;

    private AeonCluster cluster;

    @BeforeEach
    void start() {
        cluster = Aeon.cluster(3).start();
        try (Admin admin = admin("operator")) {
            ClientQuotaEntity everyClient =
                    new ClientQuotaEntity(Collections.singletonMap(ClientQuotaEntity.CLIENT_ID, null));
            done(admin.alterClientQuotas(List.of(new ClientQuotaAlteration(
                            everyClient,
                            List.of(new ClientQuotaAlteration.Op("controller_mutation_rate", PER_SECOND)))))
                    .all());
        }
        await().until(() -> cluster.nodes().stream()
                .noneMatch(node ->
                        cluster.node(node).metadata().image().clientQuotas().isEmpty()));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void oneTopicIsRefusedAndTheOtherIsCreated() {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(30_000);
        for (String name : List.of("first", "second")) {
            request.topics()
                    .add(new CreatableTopic()
                            .setName(name)
                            .setNumPartitions(PARTITIONS)
                            .setReplicationFactor((short) 1));
        }
        try (WireClient client = new WireClient("127.0.0.1", cluster.node(1).port(), 60_000)) {
            CreateTopicsResponseData answer =
                    client.call(ApiKeys.CREATE_TOPICS, 7, request, CreateTopicsResponseData.class);

            assertThat(answer.topics())
                    .extracting(CreatableTopicResult::name, topic -> Errors.forCode(topic.errorCode()))
                    .containsExactlyInAnyOrder(
                            tuple("first", Errors.NONE), tuple("second", Errors.THROTTLING_QUOTA_EXCEEDED));
            assertThat(answer.throttleTimeMs()).isPositive();
        }
    }

    @Test
    void aClientThatWaitsGetsAllItAskedFor() {
        try (Admin creator = admin("creator");
                Admin extender = admin("extender");
                Admin remover = admin("remover")) {
            done(creator.createTopics(List.of(topic("first", PARTITIONS), topic("second", PARTITIONS)))
                    .all());
            done(remover.deleteTopics(List.of("first", "second")).all());

            done(extender.createTopics(List.of(topic("third", 1), topic("fourth", 1)))
                    .all());
            NewPartitions more = NewPartitions.increaseTo(1 + PARTITIONS);
            done(extender.createPartitions(Map.of("third", more, "fourth", more))
                    .all());

            assertThat(done(extender.listTopics().names())).containsExactlyInAnyOrder("third", "fourth");
        }
    }

    private static NewTopic topic(String name, int partitions) {
        return new NewTopic(name, partitions, (short) 1);
    }

    private Admin admin(String clientId) {
        return Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers(), "client.id", clientId));
    }

    private static <T> T done(KafkaFuture<T> future) {
        return PatientWaits.done(future.toCompletionStage().toCompletableFuture());
    }
}
