package io.aeon.protocol;

import org.apache.kafka.common.compress.Compression;
import org.jspecify.annotations.Nullable;

/** The codecs by the names in Kafka's setting compression.type. */
public final class Codecs {
    private Codecs() {}

    /**
     * The codec for a topic's compression.type; null for {@code producer}, which keeps the codec of each batch.
     *
     * @param level for the codecs that have levels
     * @throws IllegalArgumentException Kafka has no codec of this name
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
