package io.aeon.storage.recovery;

import io.aeon.storage.batch.Damage;
import java.util.Optional;

/**
 * The result of a log's recovery at an opening.
 *
 * @param scannedBytes bytes after the last checkpoint that were read and checked
 * @param cutBytes bytes at the end that were cut off because they were not whole batches
 * @param cutReason what was wrong with the first cut batch
 * @param damage the damage in the durable part of the log; in this case nothing was cut, and only records before the
 *     damage can be read
 */
public record Recovery(long scannedBytes, long cutBytes, Optional<String> cutReason, Optional<Damage> damage) {
    public static final Recovery NOTHING_TO_DO = new Recovery(0, 0, Optional.empty(), Optional.empty());
}
