package io.aeon.api.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.api.AuthorizedOperations;
import io.aeon.api.Calls;
import io.aeon.metadata.Engines;
import io.aeon.metadata.KRaft;
import io.aeon.metadata.ProducerIds;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterApisTest {
    private static final int BLOCK = 1000;

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
    void theClusterIsThisBrokerAtTheAddressTheClientCameBy() throws Exception {
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
    void controllersAreNotAskedForHere(byte endpointType, Errors error) throws Exception {
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
                Calls.call(new DescribeQuorumHandler(metadata), request, DescribeQuorumResponseData.class);

        assertThat(response.topics().get(0).partitions()).singleElement().satisfies(partition -> {
            assertThat(partition.leaderId()).isEqualTo(1);
            assertThat(partition.currentVoters()).hasSize(1);
        });
    }

    @Test
    void noProducerIdIsGivenTwice() throws Exception {
        InitProducerIdHandler handler = new InitProducerIdHandler(new ProducerIds(metadata));
        Set<Long> ids = new HashSet<>();

        for (int i = 0; i < BLOCK + 10; i++) {
            InitProducerIdResponseData response = init(handler, null, -1, -1);
            assertThat(response.errorCode()).isZero();
            assertThat(response.producerEpoch()).isZero();
            assertThat(ids.add(response.producerId())).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\"\", -1, -1, INVALID_REQUEST",
                "tx, -1, -1, TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
                ", 5, -1, INVALID_REQUEST"
            })
    void whatIsNotSupportedGetsNoProducerId(String transactionalId, long id, int epoch, Errors error) throws Exception {
        InitProducerIdResponseData response =
                init(new InitProducerIdHandler(new ProducerIds(metadata)), transactionalId, id, epoch);

        assertThat(Errors.forCode(response.errorCode())).isEqualTo(error);
        assertThat(response.producerId()).isEqualTo(-1);
    }

    private static InitProducerIdResponseData init(
            InitProducerIdHandler handler, String transactionalId, long id, int epoch) throws Exception {
        return Calls.call(
                handler,
                new InitProducerIdRequestData()
                        .setTransactionalId(transactionalId)
                        .setProducerId(id)
                        .setProducerEpoch((short) epoch),
                InitProducerIdResponseData.class);
    }
}
