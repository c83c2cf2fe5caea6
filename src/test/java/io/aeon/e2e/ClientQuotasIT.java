package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.embedded.Aeon;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaAlteration.Op;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Client quotas by Kafka's Admin client (KIP-546), and what they do to clients (KIP-219). */
class ClientQuotasIT {
    private static final String TOPIC = "limited";
    private static final int VERSION = 12;
    private static final int WINDOW_S = 2;
    /** Over the ten windows that count, this is a little more than {@link #BYTES_PER_SECOND}. */
    private static final int BYTES = 102_000;

    private static final double BYTES_PER_SECOND = 5_000;
    /** Two of these are more than {@link #BYTES_PER_SECOND} allows in eleven windows, one is less. */
    private static final int PART = 58_000;

    private Aeon broker;
    private Clients clients;
    private Admin admin;
    private WireClient wire;

    @BeforeEach
    void start() {
        broker = Aeon.builder()
                .set("aeon.kafka.quota.window.size.seconds", WINDOW_S)
                .start();
        clients = new Clients(broker);
        admin = clients.admin();
        clients.create(TOPIC, 1, Map.of());
        wire = new WireClient("127.0.0.1", broker.port());
    }

    @AfterEach
    void stop() {
        wire.close();
        admin.close();
        broker.close();
    }

    @Test
    void aProducerAboveItsQuotaIsToldAndHeldUp() {
        assertThat(produce().throttleTimeMs()).isZero();
        alter(client("wire"), new Op("producer_byte_rate", BYTES_PER_SECOND));

        long begin = System.nanoTime();
        int throttleMs = produce().throttleTimeMs();
        produce();

        assertThat(throttleMs).isPositive();
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isGreaterThanOrEqualTo(throttleMs);
    }

    @Test
    void aConsumerAboveItsQuotaIsToldAndHeldUp() {
        produce();
        assertThat(fetch(0).throttleTimeMs()).isZero();
        alter(client(null), new Op("consumer_byte_rate", BYTES_PER_SECOND));

        long begin = System.nanoTime();
        FetchResponseData first = fetch(0);
        fetch(0);

        assertThat(first.throttleTimeMs()).isPositive();
        assertThat(records(first)).isGreaterThan(BYTES);
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin))
                .isGreaterThanOrEqualTo(first.throttleTimeMs());
    }

    @Test
    void aConsumerAboveItsQuotaWaitsForItsRecordsAndGetsThem() {
        produce(PART);
        produce(PART);
        alter(client(null), new Op("consumer_byte_rate", BYTES_PER_SECOND));
        assertThat(records(fetch(0))).isBetween(PART, BYTES);

        FetchResponseData withheld = fetch(1);
        alter(client(null), new Op("consumer_byte_rate", null));
        FetchResponseData given = fetch(1);

        assertThat(withheld.throttleTimeMs()).isPositive();
        assertThat(withheld.responses()).isEmpty();
        assertThat(given.throttleTimeMs()).isZero();
        assertThat(records(given)).isGreaterThan(PART);
    }

    @Test
    void aSessionBeginsWithTheFirstRecords() {
        produce(PART);
        alter(client(null), new Op("consumer_byte_rate", BYTES_PER_SECOND));
        fetch(0);

        FetchResponseData withheld = call(request(0).setSessionEpoch(0));
        alter(client(null), new Op("consumer_byte_rate", null));
        FetchResponseData first = call(request(0).setSessionEpoch(0));
        alter(client(null), new Op("consumer_byte_rate", BYTES_PER_SECOND));
        FetchResponseData later = call(request(0).setSessionEpoch(1).setSessionId(first.sessionId()));
        alter(client(null), new Op("consumer_byte_rate", null));
        FetchResponseData last =
                call(new FetchRequestData().setMaxWaitMs(0).setSessionEpoch(2).setSessionId(first.sessionId()));

        assertThat(withheld.sessionId()).isZero();
        assertThat(records(first)).isGreaterThan(PART);
        assertThat(later.sessionId()).isEqualTo(first.sessionId());
        assertThat(later.responses()).isEmpty();
        assertThat(records(last)).isGreaterThan(PART);
    }

    @Test
    void anAddressOpensConnectionsWithinItsQuota() {
        ClientQuotaEntity here = new ClientQuotaEntity(Map.of(ClientQuotaEntity.IP, "127.0.0.1"));
        alter(here, new Op("connection_creation_rate", 1.0));

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 200; i++) {
                        connect();
                    }
                })
                .isInstanceOf(UncheckedIOException.class);
        alter(here, new Op("connection_creation_rate", null));
        assertThat(error(create("later", 1))).isEqualTo(Errors.NONE);
    }

    @Test
    void topicsAreCreatedAndDeletedWithinTheQuota() {
        alter(client("wire"), new Op("controller_mutation_rate", 0.1));

        CreateTopicsResponseData within = create("a", 20);
        assertThat(error(within)).isEqualTo(Errors.NONE);
        CreateTopicsResponseData beyond = create("b", 1);

        assertThat(error(beyond)).isEqualTo(Errors.THROTTLING_QUOTA_EXCEEDED);
        assertThat(beyond.throttleTimeMs()).isBetween(1, 190_000);
        alter(client("wire"), new Op("controller_mutation_rate", 1_000_000.0));
        assertThat(error(create("b", 1))).isEqualTo(Errors.NONE);
    }

    @Test
    void othersAndRemovedQuotasLimitNobody() throws Exception {
        alter(client("somebody"), new Op("producer_byte_rate", 1.0));
        alter(client("wire"), new Op("producer_byte_rate", 1.0));
        alter(client("wire"), new Op("producer_byte_rate", null));

        assertThat(produce().throttleTimeMs()).isZero();
        try (var producer = clients.producer(Map.of("client.id", "free"))) {
            producer.send(new ProducerRecord<>(TOPIC, "value")).get();
        }
    }

    @Test
    void quotasAreDescribedByTheirEntities() {
        alter(client("a"), new Op("producer_byte_rate", 1.0), new Op("consumer_byte_rate", 2.0));
        alter(client(null), new Op("producer_byte_rate", 3.0));

        assertThat(describe(ClientQuotaFilter.all())).hasSize(2);
        assertThat(describe(ClientQuotaFilter.contains(
                        List.of(ClientQuotaFilterComponent.ofEntity(ClientQuotaEntity.CLIENT_ID, "a")))))
                .containsExactly(Map.entry(client("a"), Map.of("producer_byte_rate", 1.0, "consumer_byte_rate", 2.0)));
        assertThat(describe(ClientQuotaFilter.contains(
                        List.of(ClientQuotaFilterComponent.ofDefaultEntity(ClientQuotaEntity.CLIENT_ID)))))
                .containsOnlyKeys(client(null));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            client-id | request_percentage       | 10 | Aeon does not honour the quota request_percentage
            ip        | connection_creation_rate | 10 | x is no IP address; Aeon does not look up names of hosts
            client-id | color                    | 10 | Invalid configuration key color
            client-id | producer_byte_rate       | 0  | Quota producer_byte_rate must be greater than 0
            """)
    void whatIsNotHonouredIsRefusedByName(String type, String key, double value, String message) {
        ClientQuotaEntity entity = new ClientQuotaEntity(Map.of(type, "x"));

        assertThatThrownBy(() -> done(admin.alterClientQuotas(
                                List.of(new ClientQuotaAlteration(entity, List.of(new Op(key, value)))))
                        .all()))
                .hasCauseInstanceOf(InvalidRequestException.class)
                .hasMessageEndingWith(message);
    }

    private void connect() {
        try (WireClient own = new WireClient("127.0.0.1", broker.port())) {
            own.call(ApiKeys.METADATA, VERSION, new MetadataRequestData());
        }
    }

    private CreateTopicsResponseData create(String name, int partitions) {
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        request.topics()
                .add(new CreatableTopic()
                        .setName(name)
                        .setNumPartitions(partitions)
                        .setReplicationFactor((short) 1));
        try (WireClient own = new WireClient("127.0.0.1", broker.port())) {
            return own.call(ApiKeys.CREATE_TOPICS, 7, request, CreateTopicsResponseData.class);
        }
    }

    private static Errors error(CreateTopicsResponseData response) {
        return Errors.forCode(response.topics().iterator().next().errorCode());
    }

    private Map<ClientQuotaEntity, Map<String, Double>> describe(ClientQuotaFilter filter) {
        return done(admin.describeClientQuotas(filter).entities());
    }

    private void alter(ClientQuotaEntity entity, Op... ops) {
        done(admin.alterClientQuotas(List.of(new ClientQuotaAlteration(entity, List.of(ops))))
                .all());
    }

    private static ClientQuotaEntity client(String name) {
        return new ClientQuotaEntity(Collections.singletonMap(ClientQuotaEntity.CLIENT_ID, name));
    }

    private ProduceResponseData produce() {
        return produce(BYTES);
    }

    private ProduceResponseData produce(int bytes) {
        MemoryRecords records = MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(new byte[bytes]));
        return wire.call(
                ApiKeys.PRODUCE,
                VERSION,
                RecordRequests.produce(VERSION, TOPIC, Uuid.ZERO_UUID, records),
                ProduceResponseData.class);
    }

    private FetchResponseData fetch(long offset) {
        return call(request(offset));
    }

    private static FetchRequestData request(long offset) {
        FetchTopic topic = new FetchTopic()
                .setTopic(TOPIC)
                .setPartitions(
                        List.of(new FetchPartition().setFetchOffset(offset).setPartitionMaxBytes(1 << 20)));
        return new FetchRequestData().setMaxWaitMs(0).setTopics(List.of(topic));
    }

    private FetchResponseData call(FetchRequestData request) {
        return wire.call(ApiKeys.FETCH, VERSION, request, FetchResponseData.class);
    }

    private static int records(FetchResponseData response) {
        return response.responses().get(0).partitions().get(0).records().sizeInBytes();
    }
}
