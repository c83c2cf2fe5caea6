package io.aeon.metadata.controller;

import io.aeon.metadata.Controller.ProducerIdBlock;
import org.apache.kafka.common.message.AllocateProducerIdsRequestData;
import org.apache.kafka.common.message.AllocateProducerIdsResponseData;
import org.apache.kafka.common.protocol.Errors;

/** The messages of AllocateProducerIds, by which a broker gets producer ids from the controller (KIP-730). */
final class ProducerIdRequests {
    private ProducerIdRequests() {}

    static AllocateProducerIdsRequestData request(int nodeId, long brokerEpoch) {
        return new AllocateProducerIdsRequestData().setBrokerId(nodeId).setBrokerEpoch(brokerEpoch);
    }

    /** @throws org.apache.kafka.common.errors.ApiException the request was refused */
    static ProducerIdBlock block(AllocateProducerIdsResponseData response) {
        Errors.forCode(response.errorCode()).maybeThrow();
        return new ProducerIdBlock(response.producerIdStart(), response.producerIdLen());
    }
}
