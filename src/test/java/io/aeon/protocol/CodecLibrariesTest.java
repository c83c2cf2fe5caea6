package io.aeon.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CodecLibrariesTest {
    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void everyCodecCanBeLoaded(CompressionType codec) {
        assertThatCode(() -> CodecLibraries.require(codec)).doesNotThrowAnyException();
    }

    @Test
    void aLibraryThatCannotBeLoadedIsTriedOnceAndIsNoFaultOfTheRecords() {
        AtomicInteger tries = new AtomicInteger();
        CodecLibraries libraries = new CodecLibraries(codec -> {
            tries.incrementAndGet();
            throw new UnsatisfiedLinkError("failed to map segment from shared object");
        });

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> libraries.check(CompressionType.ZSTD))
                    .isInstanceOf(KafkaStorageException.class)
                    .isInstanceOf(RetriableException.class)
                    .hasMessageContaining("zstd");
        }
        assertThat(tries).hasValue(1);
    }
}
