package io.aeon.api.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.PatientWaits;
import io.aeon.api.AuthorizedOperations;
import io.aeon.api.Calls;
import io.aeon.broker.disk.OneDisk;
import io.aeon.broker.partition.PartitionCommand.Describe;
import io.aeon.broker.partition.PartitionCommand.Description;
import io.aeon.broker.partition.Partitions;
import io.aeon.metadata.node.Engines;
import io.aeon.metadata.node.KRaft;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.MapBudget;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterApisTest {

    @TempDir
    Path dir;

    private KRaft metadata;

    @BeforeEach
    void start() {
        metadata = Engines.start(Engines.settings(dir, Map.of()));
    }

    @AfterEach
    void stop() {
        metadata.close();
    }

    @Test
    void theClusterIsThisBrokerAtTheAddressOfTheConnection() throws Exception {
        DescribeClusterResponseData response = Calls.call(
                new DescribeClusterHandler(metadata),
                new DescribeClusterRequestData().setIncludeClusterAuthorizedOperations(true),
                DescribeClusterResponseData.class);

        assertThat(response.clusterId()).isEqualTo(metadata.image().clusterId());
        assertThat(response.controllerId()).isEqualTo(1);
        assertThat(response.brokers().find(1).host()).isEqualTo(Calls.ADVERTISED.getHostString());
        assertThat(response.clusterAuthorizedOperations()).isEqualTo(AuthorizedOperations.CLUSTER);
    }

    @ParameterizedTest
    @CsvSource({"2,MISMATCHED_ENDPOINT_TYPE", "9,UNSUPPORTED_ENDPOINT_TYPE"})
    void controllerEndpointsAreNotServed(byte endpointType, Errors error) throws Exception {
        DescribeClusterResponseData response = Calls.call(
                new DescribeClusterHandler(metadata),
                new DescribeClusterRequestData().setEndpointType(endpointType),
                DescribeClusterResponseData.class);

        assertThat(Errors.forCode(response.errorCode())).isEqualTo(error);
    }

    @Test
    void theQuorumIsThisNodeAlone() throws Exception {
        DescribeQuorumRequestData request = new DescribeQuorumRequestData()
                .setTopics(List.of(new DescribeQuorumRequestData.TopicData()
                        .setTopicName("__cluster_metadata")
                        .setPartitions(List.of(new DescribeQuorumRequestData.PartitionData().setPartitionIndex(0)))));

        DescribeQuorumResponseData response =
                Calls.call(new DescribeQuorumHandler(metadata.controller()), request, DescribeQuorumResponseData.class);

        assertThat(response.topics().get(0).partitions()).singleElement().satisfies(partition -> {
            assertThat(partition.leaderId()).isEqualTo(1);
            assertThat(partition.currentVoters()).hasSize(1);
        });
    }

    @Test
    void theDataDirectoryIsDescribedWithTheSizesOfItsPartitions() throws Exception {
        CreateTopicsRequestData topics = new CreateTopicsRequestData().setTimeoutMs(60_000);
        topics.topics()
                .add(new CreatableTopic().setName("t").setNumPartitions(2).setReplicationFactor((short) 1));
        metadata.controller().createTopics(topics).get(PatientWaits.LIMIT.toSeconds(), TimeUnit.SECONDS);
        Partitions firstReadable = (partition, command) -> {
            CompletableFuture<Description> reply = ((Describe) command).reply();
            if (partition.partition() == 0) {
                reply.complete(new Description(42, 0, 1, 1, 0));
            } else {
                reply.completeExceptionally(new KafkaStorageException());
            }
        };

        DescribeLogDirsResponseData response = Calls.call(
                new DescribeLogDirsHandler(
                        metadata,
                        firstReadable,
                        OneDisk.only(OneDisk.of(
                                dir,
                                new LogEnvironment(Clock.systemUTC(), new MapBudget(1), LogFiles.disk()),
                                Runnable::run))),
                new DescribeLogDirsRequestData().setTopics(null),
                DescribeLogDirsResponseData.class);

        assertThat(response.results()).singleElement().satisfies(result -> {
            assertThat(result.logDir()).isEqualTo(dir.toString());
            assertThat(result.totalBytes()).isPositive();
            assertThat(result.topics())
                    .singleElement()
                    .satisfies(topic -> assertThat(topic.partitions())
                            .singleElement()
                            .satisfies(partition ->
                                    assertThat(partition.partitionSize()).isEqualTo(42)));
        });
    }
}
