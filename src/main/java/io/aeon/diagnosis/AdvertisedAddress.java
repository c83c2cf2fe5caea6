package io.aeon.diagnosis;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * The address to which a broker tells clients to connect.
 *
 * @param brokerId the broker's node id
 */
public record AdvertisedAddress(int brokerId, String host, int port) {
    /** Its empty list of topics means none. */
    private static final short VERSION = 1;

    /**
     * The addresses of all brokers, by node id, as the broker at {@code host:port} tells them. Kafka's admin client
     * cannot be asked, because it goes to the advertised addresses itself.
     *
     * @param timeoutMs bound of the connect and of the answer
     * @throws IOException the broker does not answer
     */
    public static List<AdvertisedAddress> toldBy(String host, int port, int timeoutMs) throws IOException {
        MetadataResponseData reply = new MetadataResponseData();
        try (BrokerWire wire = new BrokerWire(host, port, timeoutMs)) {
            wire.call(ApiKeys.METADATA, VERSION, new MetadataRequestData().setTopics(List.of()), reply);
        }
        return reply.brokers().stream()
                .map(broker -> new AdvertisedAddress(broker.nodeId(), broker.host(), broker.port()))
                .sorted(Comparator.comparingInt(AdvertisedAddress::brokerId))
                .toList();
    }
}
