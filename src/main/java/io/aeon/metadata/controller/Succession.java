package io.aeon.metadata.controller;

import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.metadata.BrokerRegistration;

/**
 * A broker registers while the session of the same id's former incarnation is not over, though it has no connection any
 * more. Tells its next process on the same data from another node to which the same id was given by mistake.
 *
 * @param nodeId the node of this controller
 * @param former the registered incarnation
 * @param request the registration of the next one
 */
record Succession(int nodeId, BrokerRegistration former, BrokerRegistrationRequestData request) {
    /**
     * Whether the former process is gone and this one has its data: two processes cannot use one data directory at a
     * time. A copy of the directory proves nothing as long as the former process may run somewhere. So it has to be
     * fenced, or the new one has its addresses, or it was this node's own. A former process that lives after all loses
     * nothing but its place: its epoch is refused from then on, and it stops when it learns that.
     */
    boolean isCertain() {
        return !Collections.disjoint(request.logDirs(), former.directories())
                && (former.id() == nodeId
                        || (request.previousBrokerEpoch() == former.epoch() && (former.fenced() || hasItsAddresses())));
    }

    private boolean hasItsAddresses() {
        Set<String> its = former.listeners().values().stream()
                .map(endpoint -> endpoint.host() + ":" + endpoint.port())
                .collect(Collectors.toCollection(HashSet::new));
        return request.listeners().stream().allMatch(listener -> its.contains(listener.host() + ":" + listener.port()));
    }
}
