package io.aeon.metadata.controller;

import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.aeon.CollidingNames;
import io.aeon.PatientWaits;
import java.util.List;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.junit.jupiter.api.Test;

class TopicDeletionTest {
    @Test
    void namesWithEqualHashesAreToldApartAtOnce() {
        List<DeleteTopicState> asked = CollidingNames.many().stream()
                .map(name -> new DeleteTopicState().setName(name))
                .toList();

        assertTimeout(PatientWaits.LIMIT, () -> new TopicDeletion(asked));
    }
}
