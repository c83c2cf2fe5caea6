package io.aeon.storage.recovery;

import io.aeon.storage.batch.Damage;
import java.util.Optional;

/**
 * What opening a log came upon.
 *
 * @param scannedBytes bytes above the last checkpoint that were read and checked
 * @param cutBytes bytes at the end that were no whole batches and were cut off
 * @param cutReason what was wrong with the first of them
 * @param damage where the log is damaged below what was durable; nothing was cut then, and the log only serves what lies
 *     before
 */
public record Recovery(long scannedBytes, long cutBytes, Optional<String> cutReason, Optional<Damage> damage) {
    public static final Recovery NOTHING_TO_DO = new Recovery(0, 0, Optional.empty(), Optional.empty());
}
