package io.aeon.coordinator.transaction;

import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** A transactional id as it stands, or why there is nothing to tell. */
public record DescribeResult(Errors error, @Nullable TransactionMetadata transaction) {}
