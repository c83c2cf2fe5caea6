package io.aeon.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.storage.file.MapBudget;
import org.junit.jupiter.api.Test;

class DescriptorsTest {
    @Test
    void segmentsUseHalfOfTheSystemsLimitsAndConnectionsLeaveAnEighth() {
        int segments = Descriptors.ofSegments();

        assertThat(segments).isBetween(100, Integer.MAX_VALUE / 2);
        assertThat(Descriptors.described()).endsWith(" allow " + segments + " open segments");
        assertThat(Descriptors.ofConnections(new MapBudget(segments)).getAsInt())
                .isBetween(segments + segments / 2, Integer.MAX_VALUE / 8 * 7 + 7);
    }
}
