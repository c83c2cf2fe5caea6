package io.aeon.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.broker.FakeMetadata;
import io.aeon.broker.coordinator.CoordinatorsCommand.Deliver;
import io.aeon.broker.transaction.OtherBrokers.Question;
import io.aeon.broker.transaction.OtherBrokers.SentMarker;
import io.aeon.broker.transaction.TransactionAdmission.Answer;
import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.TransactionalWriter.Admission;
import io.aeon.coordinator.transaction.Marker;
import io.aeon.coordinator.transaction.TransactionCommand.AddPartitions;
import io.aeon.coordinator.transaction.TransactionRecordFormat;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Which broker a marker or a question goes to, and what becomes of the answer. */
class OtherBrokersTest {
    private static final int OTHER = 2;
    private static final TopicPartition OUT = new TopicPartition("out", 0);

    private final FakeMetadata cluster = new FakeMetadata();
    private final List<Connection> made = new ArrayList<>();
    private final OtherBrokers others = new OtherBrokers(cluster.metadata(), this::connect);
    private final List<Marker> writtenHere = new ArrayList<>();
    private final TransactionMarkers markers = new LeaderMarkers(
            cluster.metadata(),
            (marker, epoch) -> {
                writtenHere.add(marker);
                return CompletableFuture.completedFuture(null);
            },
            others);
    private final List<String> askedHere = new ArrayList<>();
    private final Deque<Runnable> pauses = new ArrayDeque<>();
    private final TransactionAdmission admission = new CoordinatorAdmission(
            cluster.metadata(),
            new TransactionCoordinators(
                    command -> {
                        var delivered = (Deliver<?, ?, ?>) command;
                        askedHere.add(delivered.id());
                        ((AddPartitions) delivered.command()).reply().complete(Errors.NONE);
                    },
                    task -> () -> {}),
            others,
            3,
            pauses::add);

    /** A broker whose answers the test gives. */
    private static final class Connection implements TransactionConnection {
        private final List<SentMarker> markers = new ArrayList<>();
        private final List<Question> questions = new ArrayList<>();
        private CompletableFuture<List<Errors>> answers = new CompletableFuture<>();
        private boolean closed;

        @Override
        public CompletableFuture<List<Errors>> write(List<SentMarker> sent) {
            markers.addAll(sent);
            answers = new CompletableFuture<>();
            return answers;
        }

        @Override
        public CompletableFuture<List<Errors>> ask(List<Question> asked) {
            questions.addAll(asked);
            answers = new CompletableFuture<>();
            return answers;
        }

        @Override
        public void close() {
            closed = true;
            answers.completeExceptionally(new DisconnectException());
        }
    }

    private TransactionConnection connect(int broker) {
        assertThat(broker).isEqualTo(OTHER);
        made.add(new Connection());
        return made.get(made.size() - 1);
    }

    OtherBrokersTest() {
        cluster.register(OTHER, 10);
        cluster.add("out", 1);
        cluster.add(TransactionRecordFormat.TOPIC, 1);
    }

    private Connection other() {
        return made.get(made.size() - 1);
    }

    private void changed() {
        others.changed(cluster.metadata().image());
    }

    private CompletableFuture<Void> send() {
        return markers.send(new Marker(OUT, 7, (short) 3, true, (short) 2), 5);
    }

    private CompletableFuture<Answer> ask() {
        return admission.ask(new TransactionalWriter("id", 7, (short) 3, Admission.ADDED), OUT);
    }

    @Test
    void aMarkerGoesToTheLeaderOfItsPartition() {
        assertThat(send()).isCompleted();
        assertThat(writtenHere).hasSize(1);

        cluster.lead("out", OTHER, 1);
        CompletableFuture<Void> sent = send();

        assertThat(writtenHere).hasSize(1);
        assertThat(other().markers).singleElement().satisfies(marker -> {
            assertThat(marker.coordinatorEpoch()).isEqualTo(5);
            assertThat(marker.marker().partition()).isEqualTo(OUT);
        });
        assertThat(sent).isNotDone();
        other().answers.complete(List.of(Errors.NONE));
        assertThat(sent).isCompleted();
    }

    @Test
    void anErrorOfTheLeaderIsTheSendersUnlessTheMarkerIsNotNeeded() {
        cluster.lead("out", OTHER, 1);

        CompletableFuture<Void> moved = send();
        other().answers.complete(List.of(Errors.NOT_LEADER_OR_FOLLOWER));
        CompletableFuture<Void> late = send();
        other().answers.complete(List.of(Errors.INVALID_PRODUCER_EPOCH));

        assertThatThrownBy(moved::join).hasCauseInstanceOf(NotLeaderOrFollowerException.class);
        assertThat(late).isCompleted();
    }

    @Test
    void aPartitionThatIsDeletedOrHasNoLeaderGetsNoMarker() {
        cluster.lead("out", -1, 1);
        cluster.replicate("out", OTHER);
        assertThatThrownBy(() -> send().join()).hasCauseInstanceOf(BrokerNotAvailableException.class);

        cluster.remove("out");

        assertThat(send()).isCompleted();
        assertThat(made).isEmpty();
    }

    @Test
    void whatGoesToABrokerFailsWhenItIsFencedOrRegistersAgain() {
        cluster.lead("out", OTHER, 1);
        CompletableFuture<Void> fenced = send();
        cluster.fence(OTHER);
        changed();
        assertThat(fenced).isCompletedExceptionally();
        assertThat(other().closed).isTrue();
        assertThatThrownBy(() -> send().join()).hasCauseInstanceOf(BrokerNotAvailableException.class);

        cluster.register(OTHER, 20);
        CompletableFuture<Void> next = send();
        changed();
        assertThat(next).isNotDone();
        cluster.register(OTHER, 30);
        changed();

        assertThat(next).isCompletedExceptionally();
        assertThat(made).hasSize(2).allMatch(each -> each.closed);
    }

    @Test
    void aClosedOneMakesNoConnection() {
        cluster.lead("out", OTHER, 1);
        CompletableFuture<Void> underWay = send();

        others.close();

        assertThat(underWay).isCompletedExceptionally();
        assertThat(send()).isCompletedExceptionally();
        assertThat(made).hasSize(1);
    }

    @Test
    void aQuestionGoesToTheCoordinatorOfTheTransactionalId() {
        assertThat(ask()).isCompletedWithValue(new Answer(Errors.NONE, true));
        assertThat(askedHere).containsExactly("id");

        cluster.lead(TransactionRecordFormat.TOPIC, OTHER, 1);
        CompletableFuture<Answer> asked = ask();
        assertThat(other().questions).hasSize(1);
        other().answers.complete(List.of(Errors.PRODUCER_FENCED));

        assertThat(asked).isCompletedWithValue(new Answer(Errors.PRODUCER_FENCED, false));
    }

    @Test
    void aCoordinatorThatIsNotReachedIsAnErrorOfTheNetwork() {
        cluster.lead(TransactionRecordFormat.TOPIC, OTHER, 1);

        CompletableFuture<Answer> asked = ask();
        other().answers.completeExceptionally(new DisconnectException());

        assertThat(asked).isCompletedWithValue(new Answer(Errors.NETWORK_EXCEPTION, false));
    }

    @Test
    void aPartitionIsAddedAgainWhileThePreviousTransactionEnds() {
        cluster.lead(TransactionRecordFormat.TOPIC, OTHER, 1);
        CompletableFuture<Answer> asked = ask();
        for (int attempt = 0; attempt < 2; attempt++) {
            other().answers.complete(List.of(Errors.CONCURRENT_TRANSACTIONS));
            assertThat(asked).isNotDone();
            pauses.remove().run();
        }

        other().answers.complete(List.of(Errors.CONCURRENT_TRANSACTIONS));

        assertThat(other().questions).hasSize(3);
        assertThat(asked).isCompletedWithValue(new Answer(Errors.CONCURRENT_TRANSACTIONS, false));
    }
}
