package io.aeon.protocol;

import java.nio.ByteBuffer;

/**
 * A batch that may be appended.
 *
 * @param bytes one whole v2 batch with base offset 0
 * @param logAppendTime the timestamp that all its records got, -1 if they keep their own
 */
public record ValidatedBatch(ByteBuffer bytes, long logAppendTime) {}
