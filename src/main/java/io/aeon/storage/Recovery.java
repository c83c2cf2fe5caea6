package io.aeon.storage;

import java.util.Optional;

/**
 * What opening a log came upon.
 *
 * @param scannedBytes bytes above the last checkpoint that were read and checked
 * @param cutBytes bytes at the end that were no whole batches and were cut off
 * @param cutReason what was wrong with the first of them
 */
public record Recovery(long scannedBytes, long cutBytes, Optional<String> cutReason) {
    static final Recovery NOTHING_TO_DO = new Recovery(0, 0, Optional.empty());
}
