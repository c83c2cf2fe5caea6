package io.aeon.storage.compaction;

/**
 * The batches that a pass kept whole because their records cannot be read. Tombstones behind them stay as well, because
 * the batches may hold older values of the same keys.
 *
 * @param batches number of such batches
 * @param firstOffset base offset of the first one
 * @param reason why it cannot be read
 */
public record KeptWhole(int batches, long firstOffset, String reason) {
    KeptWhole andAnother() {
        return new KeptWhole(batches + 1, firstOffset, reason);
    }
}
