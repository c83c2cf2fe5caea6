package io.aeon.api;

import io.aeon.metadata.ClusterImage;
import java.util.stream.Stream;

/** Heap that parts of answers take while they are built and encoded: upper bounds for usual names, measured. */
public final class AnswerSizes {
    /** An answer with few parts; the memory of the request covers it. */
    private static final long FEW = 16 << 10;

    private static final long TOPIC = 256;
    private static final long PARTITION = 256;

    private AnswerSizes() {}

    /** Bytes of a description of these topics with all their partitions; 0 if the request covers it. */
    public static long ofTopics(Stream<ClusterImage.Topic> topics) {
        long bytes = topics.mapToLong(
                        topic -> TOPIC + PARTITION * topic.partitions().size())
                .sum();
        return unlessFew(bytes);
    }

    /** The same number of bytes, or 0 if the memory of the request covers them. */
    public static long unlessFew(long bytes) {
        return bytes <= FEW ? 0 : bytes;
    }
}
