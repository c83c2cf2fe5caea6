package io.aeon.api;

import io.aeon.metadata.ClusterImage;
import java.util.stream.Stream;

/** Heap that parts of answers take while they are built and encoded: upper bounds for usual names, measured. */
public final class AnswerSizes {
    /** An answer with few parts; the memory of the request covers it. */
    private static final long FEW = 16 << 10;

    private static final long TOPIC = 256;
    private static final long PARTITION = 256;

    /** What tells of groups or transactional ids takes less than one in this many bytes of what they take. */
    private static final int TOLD_PART = 4;
    /** The answer is not refused for an estimate; its true size is counted before it is encoded. */
    private static final long MOST_TOLD = Runtime.getRuntime().maxMemory() / 32;

    private AnswerSizes() {}

    /**
     * Bytes of an answer about coordinators whose number is not known yet; 0 if the request covers it.
     *
     * @param heapUsed by all coordinators of the kind
     * @param asked bytes for those that the request names
     */
    public static long ofCoordinators(long heapUsed, long asked) {
        return unlessFew(Math.max(asked, Math.min(heapUsed / TOLD_PART, MOST_TOLD)));
    }

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
