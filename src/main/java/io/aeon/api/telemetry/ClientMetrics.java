package io.aeon.api.telemetry;

import java.nio.ByteBuffer;
import java.time.Instant;
import org.apache.kafka.common.Uuid;

/**
 * The metrics that a client pushed last (KIP-714).
 *
 * @param clientInstanceId the id that the broker gave to the client
 * @param clientId the client's name for itself, of which 256 characters are kept
 * @param software name and version of the client's library
 * @param address the client's address
 * @param pushed when the metrics arrived
 * @param otlp the metrics as OpenTelemetry's {@code MetricsData} v1 in protobuf, as the client sent them; read-only
 */
public record ClientMetrics(
        Uuid clientInstanceId, String clientId, String software, String address, Instant pushed, ByteBuffer otlp) {}
