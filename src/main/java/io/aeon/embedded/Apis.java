package io.aeon.embedded;

import io.aeon.api.ApiHandler;
import io.aeon.api.ApiTable;
import io.aeon.api.BrokerIdentity;
import io.aeon.api.cluster.DescribeClusterHandler;
import io.aeon.api.cluster.InitProducerIdHandler;
import io.aeon.api.topics.CreatePartitionsHandler;
import io.aeon.api.topics.CreateTopicsHandler;
import io.aeon.api.topics.DeleteTopicsHandler;
import io.aeon.api.topics.MetadataHandler;
import io.aeon.broker.BrokerServices;
import io.aeon.config.AeonSettings;
import io.aeon.metadata.Metadata;
import io.aeon.metadata.ProducerIds;
import java.util.List;
import java.util.stream.Stream;

/** The handlers of a broker: what is listed here is answered and announced, nothing else. */
final class Apis {
    private final AeonSettings settings;
    private final Metadata metadata;

    @SuppressWarnings("unused")
    private final BrokerServices services;

    Apis(AeonSettings settings, Metadata metadata, BrokerServices services) {
        this.settings = settings;
        this.metadata = metadata;
        this.services = services;
    }

    ApiTable table() {
        BrokerIdentity broker = new BrokerIdentity(
                metadata.nodeId(), () -> metadata.image().clusterId(), () -> BrokerIdentity.Features.NONE);
        return new ApiTable(
                Stream.of(ofTheCluster(), ofTopics()).flatMap(List::stream).toList(), broker);
    }

    private List<ApiHandler<?>> ofTheCluster() {
        return List.of(new DescribeClusterHandler(metadata), new InitProducerIdHandler(new ProducerIds(metadata)));
    }

    private List<ApiHandler<?>> ofTopics() {
        return List.of(
                new MetadataHandler(metadata, settings.kafka().getBoolean("auto.create.topics.enable")),
                new CreateTopicsHandler(metadata),
                new CreatePartitionsHandler(metadata),
                new DeleteTopicsHandler(metadata));
    }
}
