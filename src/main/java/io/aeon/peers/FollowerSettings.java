package io.aeon.peers;

import io.aeon.config.KafkaSettings;

/**
 * How a follower fetches.
 *
 * @param maxWaitMs milliseconds for which a leader waits for records
 * @param minBytes bytes of records that a leader waits for
 * @param maxBytes bytes of records in one response; a larger first batch is sent whole
 * @param partitionMaxBytes bytes of records of one partition in one response
 * @param timeoutMs milliseconds after which a request counts as lost
 */
record FollowerSettings(int maxWaitMs, int minBytes, int maxBytes, int partitionMaxBytes, int timeoutMs) {
    static FollowerSettings of(KafkaSettings settings) {
        return new FollowerSettings(
                settings.getInt("replica.fetch.wait.max.ms"),
                settings.getInt("replica.fetch.min.bytes"),
                settings.getInt("replica.fetch.response.max.bytes"),
                settings.getInt("replica.fetch.max.bytes"),
                settings.getInt("replica.socket.timeout.ms"));
    }
}
