package io.aeon.coordinator.transaction;

import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** The state of a transactional id, or the error. */
public record DescribeResult(Errors error, @Nullable TransactionMetadata transaction) {}
