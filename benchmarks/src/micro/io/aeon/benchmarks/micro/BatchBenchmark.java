package io.aeon.benchmarks.micro;

import io.aeon.protocol.Allowance;
import io.aeon.protocol.BatchRules;
import io.aeon.protocol.BatchValidator;
import io.aeon.protocol.ProducedBatch;
import io.aeon.protocol.ValidatedBatch;
import io.aeon.storage.batch.BatchHeader;
import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.openjdk.jmh.annotations.Benchmark;

/** A produced batch of about 16 KiB: found in the request, checked with its CRC, and as the log looks at it. */
public class BatchBenchmark extends Leaf {
    private static final short VERSION = 13;

    private final BatchRules rules =
            new BatchRules("topic-0", 1 << 20, 1 << 20, false, Long.MAX_VALUE, 3_600_000, false, null);
    private final MemoryRecords large = Samples.records(16, 1024);
    private final MemoryRecords small = Samples.records(150, 100);
    private final MemoryRecords lz4 = Samples.records(Compression.lz4().build(), 150, 100);
    private final MemoryRecords zstd = Samples.records(Compression.zstd().build(), 150, 100);
    private final ByteBuffer bytes = large.buffer();

    @Benchmark
    public ValidatedBatch validate16RecordsOf1KiB() {
        return validate(large);
    }

    @Benchmark
    public ValidatedBatch validate150RecordsOf100B() {
        return validate(small);
    }

    @Benchmark
    public ValidatedBatch validate150RecordsOf100BWithLz4() {
        return validate(lz4);
    }

    @Benchmark
    public ValidatedBatch validate150RecordsOf100BWithZstd() {
        return validate(zstd);
    }

    @Benchmark
    public long readAndAssignHeader() {
        BatchHeader.requireWhole(bytes, 0);
        BatchHeader.assign(bytes, 0, 1_000_000, 7);
        return BatchHeader.lastOffset(bytes, 0)
                + BatchHeader.maxTimestamp(bytes, 0)
                + BatchHeader.producerId(bytes, 0)
                + BatchHeader.sizeInBytes(bytes, 0);
    }

    private ValidatedBatch validate(MemoryRecords records) {
        return BatchValidator.validateAtOnce(
                        ProducedBatch.of(records, VERSION), rules, System.currentTimeMillis(), Allowance.ofRequest())
                .orElseThrow();
    }
}
