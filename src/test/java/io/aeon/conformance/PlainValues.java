package io.aeon.conformance;

import io.aeon.e2e.RequestFiller;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** The values of an ordinary, valid request, by the names of its fields. Fields without one keep their defaults. */
final class PlainValues implements RequestFiller.Values {
    private static final int TIME_MS = 30_000;
    private static final int SIZE = 1 << 20;
    private static final long PRODUCER = 777_777;
    private static final int UNKNOWN_BROKER = 77;
    private static final byte TOPIC = 2;
    private static final byte LITERAL = 3;
    private static final byte READ = 3;
    private static final byte ALLOW = 3;
    private static final byte SCRAM_SHA_256 = 1;
    private static final byte[] BYTES = "bytes".getBytes(StandardCharsets.UTF_8);

    private static final Map<String, Object> BY_FIELD = Map.ofEntries(
            Map.entry("timeoutMs", TIME_MS),
            Map.entry("sessionTimeoutMs", TIME_MS),
            Map.entry("rebalanceTimeoutMs", TIME_MS),
            Map.entry("transactionTimeoutMs", TIME_MS),
            Map.entry("maxBytes", SIZE),
            Map.entry("partitionMaxBytes", SIZE),
            Map.entry("minBytes", 0),
            Map.entry("maxWaitMs", 0),
            Map.entry("acks", (short) -1),
            Map.entry("producerId", PRODUCER),
            Map.entry("v3AndBelowProducerId", PRODUCER),
            Map.entry("producerIdFilters", PRODUCER),
            Map.entry("partitions", 0),
            Map.entry("partitionIndexes", 0),
            Map.entry("brokerIds", 1),
            Map.entry("replicas", 1),
            Map.entry("brokerId", UNKNOWN_BROKER),
            Map.entry("path", "/nowhere"),
            Map.entry("timestamp", -1L),
            Map.entry("fetchOffset", 0L),
            Map.entry("offset", 0L),
            Map.entry("committedOffset", 5L),
            Map.entry("committedMetadata", "note"),
            Map.entry("resourceType", TOPIC),
            Map.entry("resourceTypes", TOPIC),
            Map.entry("resourceTypeFilter", TOPIC),
            Map.entry("resourcePatternType", LITERAL),
            Map.entry("patternTypeFilter", LITERAL),
            Map.entry("operation", READ),
            Map.entry("permissionType", ALLOW),
            Map.entry("principal", "User:alice"),
            Map.entry("principalFilter", "User:alice"),
            Map.entry("host", "*"),
            Map.entry("hostFilter", "*"),
            Map.entry("configurationKeys", "retention.ms"),
            Map.entry("value", "3600000"),
            Map.entry("protocolType", "consumer"),
            Map.entry("protocolName", "range"),
            Map.entry("metadata", BYTES),
            Map.entry("assignment", BYTES),
            Map.entry("authBytes", BYTES),
            Map.entry("salt", BYTES),
            Map.entry("saltedPassword", BYTES),
            Map.entry("clientSoftwareName", "wire"),
            Map.entry("clientSoftwareVersion", "1"),
            Map.entry("mechanism", "PLAIN"),
            Map.entry("statesFilter", "Stable"),
            Map.entry("typesFilter", "Classic"),
            Map.entry("stateFilters", "Ongoing"),
            Map.entry("numPartitions", -1),
            Map.entry("replicationFactor", (short) -1),
            Map.entry("count", 3),
            Map.entry("validateOnly", false),
            Map.entry("allowAutoTopicCreation", false),
            Map.entry("committed", true));

    private static final Map<String, Object> BY_CLASS_AND_FIELD = Map.ofEntries(
            Map.entry("TopicData.topicName", "__cluster_metadata"),
            Map.entry("AlterableConfig.name", "retention.ms"),
            Map.entry("CreatableTopicConfig.name", "retention.ms"),
            Map.entry("JoinGroupRequestProtocol.name", "range"),
            Map.entry("MemberIdentity.memberId", "nobody"),
            Map.entry("InitProducerIdRequestData.producerId", -1L),
            Map.entry("CreatePartitionsRequestData.validateOnly", true),
            Map.entry("UpdateFeaturesRequestData.validateOnly", true),
            Map.entry("FeatureUpdateKey.feature", "metadata.version"),
            Map.entry("ScramCredentialUpsertion.mechanism", SCRAM_SHA_256),
            Map.entry("ScramCredentialUpsertion.iterations", 8192),
            Map.entry("ScramCredentialDeletion.mechanism", SCRAM_SHA_256));

    private final Map<String, Object> own = new HashMap<>();

    /**
     * @param topic a topic of two partitions
     * @param unused a name that nothing else has
     */
    PlainValues(String topic, Uuid topicId, String unused) {
        for (String field : new String[] {"name", "topic", "topicName", "topicNames", "resourceName"}) {
            own.put(field, topic);
        }
        own.put("topicId", topicId);
        own.put("subscribedTopicNames", topic);
        own.put("resourceNameFilter", topic);
        for (String field : new String[] {
            "groupId", "groups", "groupIds", "groupsNames", "key", "coordinatorKeys", "v3AndBelowTransactionalId"
        }) {
            own.put(field, unused);
        }
        own.put("transactionalIds", unused);
        own.put("CreatableTopic.name", unused);
        own.put("ScramCredentialUpsertion.name", unused);
        own.put("DeleteTopicState.name", unused);
        own.put("DeleteTopicsRequestData.topicNames", unused);
        for (String owner : new String[] {
            "InitProducerId", "AddOffsetsToTxn", "EndTxn", "TxnOffsetCommit", "AddPartitionsToTxnTransaction"
        }) {
            own.put(owner + "RequestData.transactionalId", unused);
            own.put(owner + ".transactionalId", unused);
        }
    }

    @Override
    public int elements() {
        return 1;
    }

    @Override
    public Object of(Field field, Class<?> type) {
        String exact = field.getDeclaringClass().getSimpleName() + "." + field.getName();
        Object value = own.getOrDefault(
                exact,
                BY_CLASS_AND_FIELD.getOrDefault(
                        exact, own.getOrDefault(field.getName(), BY_FIELD.get(field.getName()))));
        if (type == BaseRecords.class) {
            return records();
        }
        return fits(value, type) ? value : null;
    }

    private static boolean fits(Object value, Class<?> type) {
        return value != null
                && (type.isInstance(value)
                        || (type.isPrimitive()
                                && value.getClass()
                                        .getSimpleName()
                                        .toLowerCase(Locale.ROOT)
                                        .startsWith(type.getSimpleName())));
    }

    static MemoryRecords records() {
        long time = 1_700_000_000_000L;
        return MemoryRecords.withRecords(
                Compression.NONE, new SimpleRecord(time, BYTES, "value".getBytes(StandardCharsets.UTF_8)));
    }
}
