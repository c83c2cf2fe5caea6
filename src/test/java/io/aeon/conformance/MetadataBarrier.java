package io.aeon.conformance;

import io.aeon.e2e.WireClient;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.awaitility.Awaitility;

/**
 * Waits until a broker has applied the changes of metadata that it has acknowledged: Kafka answers before that. A
 * setting of a topic is changed and awaited, twice, because the setting is visible a moment before partitions are
 * opened or closed.
 */
final class MetadataBarrier {
    private static final String TOPIC = "barrier";
    private static final String SETTING = "retention.ms";
    private static final int ROUNDS = 2;
    private static final long FIRST_VALUE = 1_000_000;

    private final WireClient client;

    MetadataBarrier(WireClient client) {
        this.client = client;
    }

    void create() {
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        request.topics()
                .add(new CreatableTopic().setName(TOPIC).setNumPartitions(1).setReplicationFactor((short) 1));
        client.call(ApiKeys.CREATE_TOPICS, 7, request, CreateTopicsResponseData.class);
        Awaitility.await().until(() -> value().isPresent());
    }

    void pass() {
        for (int round = 0; round < ROUNDS; round++) {
            long before = value().orElseThrow();
            long next = before < FIRST_VALUE || before > 2 * FIRST_VALUE ? FIRST_VALUE : before + 1;
            IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
            AlterConfigsResource resource = new AlterConfigsResource()
                    .setResourceType(ConfigResource.Type.TOPIC.id())
                    .setResourceName(TOPIC);
            resource.configs().add(new AlterableConfig().setName(SETTING).setValue(Long.toString(next)));
            request.resources().add(resource);
            client.call(ApiKeys.INCREMENTAL_ALTER_CONFIGS, 1, request, IncrementalAlterConfigsResponseData.class);
            Awaitility.await()
                    .pollInSameThread()
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> value().orElseThrow() == next);
        }
    }

    /** Empty if the topic does not exist yet. */
    private OptionalLong value() {
        DescribeConfigsResource resource = new DescribeConfigsResource()
                .setResourceType(ConfigResource.Type.TOPIC.id())
                .setResourceName(TOPIC)
                .setConfigurationKeys(List.of(SETTING));
        DescribeConfigsResponseData described = client.call(
                ApiKeys.DESCRIBE_CONFIGS,
                4,
                new DescribeConfigsRequestData().setResources(List.of(resource)),
                DescribeConfigsResponseData.class);
        return described.results().get(0).configs().stream()
                .mapToLong(config -> Long.parseLong(config.value()))
                .findFirst();
    }
}
