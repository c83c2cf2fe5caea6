package io.aeon.broker.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;

class DiskSpaceTest {
    private static final int RESERVE = 800;

    private final DiskSpace space = new DiskSpace(RESERVE);

    @Test
    void beforeTheFirstMeasurementEveryWriteIsAllowed() {
        assertThatCode(() -> space.take(Integer.MAX_VALUE, false)).doesNotThrowAnyException();
    }

    @Test
    void writesBetweenTwoMeasurementsCount() {
        space.measured(RESERVE + 100);

        space.take(60, false);
        assertThat(space.isLow()).isFalse();

        assertThatThrownBy(() -> space.take(60, false)).isInstanceOf(KafkaStorageException.class);
        assertThat(space.isLow()).isTrue();
        assertThatThrownBy(() -> space.take(1, false)).isInstanceOf(KafkaStorageException.class);
    }

    @Test
    void onlyPrivilegedWritesUseTheReserveAndNoneItsLastQuarter() {
        space.measured(RESERVE - 1);

        assertThatThrownBy(() -> space.take(1, false)).isInstanceOf(KafkaStorageException.class);
        assertThatCode(() -> space.take(599, true)).doesNotThrowAnyException();
        assertThatThrownBy(() -> space.take(1, true)).isInstanceOf(KafkaStorageException.class);
    }

    @Test
    void recordsAreAcceptedAgainAboveTheReservePlusAMargin() {
        assertThat(space.measured(RESERVE - 1)).isTrue();
        assertThat(space.measured(RESERVE + 50)).isTrue();
        assertThatThrownBy(() -> space.take(1, false)).isInstanceOf(KafkaStorageException.class);

        assertThat(space.measured(RESERVE + 100)).isFalse();
        assertThatCode(() -> space.take(100, false)).doesNotThrowAnyException();
    }

    @Test
    void withoutAReserveNothingIsRefused() {
        DiskSpace unlimited = new DiskSpace(0);

        assertThat(unlimited.measured(0)).isFalse();
        assertThatCode(() -> unlimited.take(1, false)).doesNotThrowAnyException();
    }
}
