package io.aeon.protocol;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks that the native library of a codec can be loaded. Such a codec unpacks its library into a directory at its
 * first use. A failure there is not a fault of the records, and no later attempt in the same JVM succeeds. Thread-safe.
 */
final class CodecLibraries {
    private static final Logger logger = LoggerFactory.getLogger(CodecLibraries.class);
    private static final CodecLibraries OF_THIS_JVM = new CodecLibraries(CodecLibraries::use);

    private final Map<CompressionType, Optional<Throwable>> problems = new ConcurrentHashMap<>();
    private final Use use;

    CodecLibraries(Use use) {
        this.use = use;
    }

    /** Compresses a few bytes with a codec, which loads its library. */
    interface Use {
        void of(CompressionType codec) throws IOException;
    }

    /**
     * Must be called before the codec is used.
     *
     * @throws KafkaStorageException the codec's library cannot be loaded; clients retry, perhaps at another broker
     */
    static void require(CompressionType codec) {
        OF_THIS_JVM.check(codec);
    }

    void check(CompressionType codec) {
        Optional<Throwable> problem = problems.computeIfAbsent(codec, this::firstUse);
        if (problem.isPresent()) {
            throw new KafkaStorageException(
                    "This broker cannot load the library for " + codec.name + "; its log has the cause.",
                    problem.get());
        }
    }

    private Optional<Throwable> firstUse(CompressionType codec) {
        try {
            use.of(codec);
            return Optional.empty();
        } catch (VirtualMachineError e) {
            throw e;
        } catch (IOException | RuntimeException | Error e) {
            logger.error(
                    "Batches compressed with {} are refused until a restart: the library for it cannot be loaded. It is"
                            + " unpacked into {}, which must be writable and must not be mounted noexec; another"
                            + " directory is chosen by AEON_JVM_OPTS=-Djava.io.tmpdir=DIR",
                    codec.name,
                    System.getProperty("java.io.tmpdir"),
                    e);
            return Optional.of(e);
        }
    }

    private static void use(CompressionType codec) throws IOException {
        try (OutputStream out = Compression.of(codec)
                .build()
                .wrapForOutput(new ByteBufferOutputStream(512), RecordBatch.MAGIC_VALUE_V2)) {
            out.write(0);
        }
    }
}
