package io.aeon.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpenSegmentsTest {
    @Test
    void usesHalfOfTheSystemsLimits() {
        assertThat(OpenSegments.limit()).isBetween(100, Integer.MAX_VALUE / 2);
        assertThat(OpenSegments.described()).endsWith(" allow " + OpenSegments.limit() + " open segments");
    }
}
