package io.aeon.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.broker.partition.PartitionCommand.Isolation;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.junit.jupiter.api.Test;

class IsolationsTest {
    @Test
    void onlyKafkasTwoLevelsAreValid() {
        assertThat(Isolations.of((byte) 0)).isEqualTo(Isolation.UNCOMMITTED);
        assertThat(Isolations.of((byte) 1)).isEqualTo(Isolation.COMMITTED);
        assertThatThrownBy(() -> Isolations.of((byte) 2)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> Isolations.of((byte) -1)).isInstanceOf(InvalidRequestException.class);
    }
}
