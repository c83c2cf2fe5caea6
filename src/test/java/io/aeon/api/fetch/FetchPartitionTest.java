package io.aeon.api.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.aeon.CollidingNames;
import io.aeon.PatientWaits;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class FetchPartitionTest {
    @Test
    void topicsWithEqualHashesAreToldApartAtOnce() {
        List<FetchPartition.Key> keys = CollidingNames.many().stream()
                .map(name -> FetchPartition.Key.byName(name, 0))
                .toList();

        assertThat(assertTimeout(PatientWaits.LIMIT, () -> new HashSet<>(keys))).hasSameSizeAs(keys);
    }
}
