package io.aeon.protocol;

import org.apache.kafka.common.compress.Compression;
import org.jspecify.annotations.Nullable;

/** The codecs that a topic may ask for by Kafka's names. */
public final class Codecs {
    private Codecs() {}

    /**
     * The codec for a topic's compression.type; null for producer: whatever a batch came with.
     *
     * @param level for the codecs that have levels
     * @throws IllegalArgumentException Kafka has no such name
     */
    public static @Nullable Compression of(String name, int level) {
        return switch (name) {
            case "producer" -> null;
            case "uncompressed" -> Compression.NONE;
            case "gzip" -> Compression.gzip().level(level).build();
            case "lz4" -> Compression.lz4().level(level).build();
            case "zstd" -> Compression.zstd().level(level).build();
            default -> Compression.of(name).build();
        };
    }
}
