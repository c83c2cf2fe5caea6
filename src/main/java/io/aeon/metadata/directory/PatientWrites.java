package io.aeon.metadata.directory;

import io.aeon.storage.file.StorageException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metadata writes to a disk that may refuse them. A refused write is repeated on the writing thread until the disk
 * accepts it, because Kafka's raft client cannot continue after a failed write but can wait for a slow one. Meanwhile
 * changes fail, including those in progress. Thread-safe.
 */
public final class PatientWrites implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger(PatientWrites.class);

    private final Duration pause;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<Long, CompletableFuture<?>> underWay = new ConcurrentHashMap<>();
    private final AtomicLong begun = new AtomicLong();
    private volatile boolean patient;
    private volatile @Nullable String refusal;

    /** @param pause between two attempts of the same write */
    public PatientWrites(Duration pause) {
        this.pause = pause;
    }

    /** From now on refused writes are repeated. Before this call, as during a start, they fail. */
    public void beginToWait() {
        patient = true;
    }

    /**
     * Runs {@code write} and repeats it until the disk accepts it.
     *
     * @param write must be safe to repeat. A {@link StorageException} or {@link UncheckedIOException} means that the
     *     disk refused the write. The exception is rethrown before {@link #beginToWait} and after {@link #close}
     */
    public void untilDone(Runnable write) {
        while (true) {
            try {
                write.run();
                taken();
                return;
            } catch (StorageException | UncheckedIOException e) {
                if (!patient || isClosed()) {
                    throw e;
                }
                refused(e);
                if (closesWithin(pause)) {
                    throw e;
                }
            }
        }
    }

    /**
     * The result of {@code change}; fails with {@link KafkaStorageException} while the disk refuses writes. A change
     * that was in progress when the disk began to refuse writes can still succeed later.
     */
    public <T> CompletableFuture<T> unlessRefused(Supplier<CompletableFuture<T>> change) {
        String refused = refusal;
        if (refused != null) {
            return CompletableFuture.failedFuture(refused(refused));
        }
        CompletableFuture<T> result = change.get().copy();
        long number = begun.getAndIncrement();
        underWay.put(number, result);
        String refusedMeanwhile = refusal;
        if (refusedMeanwhile != null) {
            result.completeExceptionally(refused(refusedMeanwhile));
        }
        return result.whenComplete((done, failure) -> underWay.remove(number));
    }

    /** Ends every wait; the waiting writes fail. */
    @Override
    public void close() {
        closed.countDown();
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void refused(RuntimeException cause) {
        String why = String.valueOf(cause.getMessage());
        if (refusal == null) {
            logger.error(
                    "The metadata cannot be written: {}. The broker continues; changes of topics and"
                            + " settings are refused until the disk accepts writes again",
                    why);
        }
        refusal = why;
        underWay.values().forEach(change -> change.completeExceptionally(refused(why)));
    }

    private void taken() {
        if (refusal != null) {
            refusal = null;
            logger.info("The metadata can be written again");
        }
    }

    private static KafkaStorageException refused(String why) {
        return new KafkaStorageException("The metadata cannot be written now: " + why);
    }

    private boolean closesWithin(Duration time) {
        try {
            return closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
