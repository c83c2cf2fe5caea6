package io.aeon.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.raft.RaftResponse;
import org.junit.jupiter.api.Test;

class ObserverMessagesTest {
    private final ObserverMessages messages = new ObserverMessages();

    @Test
    void aClientThatDoesNotWantToWaitDoesNotAskAllTheTime() {
        long begun = System.nanoTime();

        for (int i = 0; i < 3; i++) {
            assertThat(messages.poll(0)).isEmpty();
        }

        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isGreaterThanOrEqualTo(Duration.ofMillis(3 * ObserverMessages.LEAST_WAIT_MS));
    }

    @Test
    void aMessageIsThereAtOnce() {
        var unused = messages.add(new RaftResponse.Inbound(1, new FetchResponseData(), new Node(1, "localhost", 9093)));

        assertThat(messages.poll(0)).isPresent();
        assertThat(messages.isEmpty()).isTrue();
    }
}
