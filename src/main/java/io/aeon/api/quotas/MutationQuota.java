package io.aeon.api.quotas;

import java.util.function.IntConsumer;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The quota for the partitions that one request creates or deletes. Used by the controller's thread, then by others.
 */
public final class MutationQuota implements IntConsumer {
    private final MutationQuotas.@Nullable Bucket bucket;
    private final boolean strict;
    private volatile int throttleMs;

    /** @param bucket null if there is no quota for the client */
    MutationQuota(MutationQuotas.@Nullable Bucket bucket, boolean strict) {
        this.bucket = bucket;
        this.strict = strict;
    }

    /**
     * The controller is about to change so many partitions.
     *
     * @throws ThrottlingQuotaExceededException the client has exceeded its quota by what it did before
     */
    @Override
    public void accept(int partitions) {
        if (bucket == null) {
            return;
        }
        throttleMs = bucket.take(partitions, strict);
        if (strict && throttleMs > 0) {
            throw new ThrottlingQuotaExceededException(throttleMs, Errors.THROTTLING_QUOTA_EXCEEDED.message());
        }
    }

    /** Milliseconds for which the client has to wait. */
    public int throttleMs() {
        return throttleMs;
    }
}
