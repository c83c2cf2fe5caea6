package io.aeon.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AddRaftVoterResponseData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** The comparison itself: what counts as a difference, and where it is said to be. */
class TranscriptTest {
    private static final Case ASKED = new Case(ApiKeys.METADATA, 12, "two topics");

    @Test
    void idsAddressesAndTheOrderOfTopicsAreNoDifference() {
        MetadataResponseData one = answer(9092, topic("a", Uuid.randomUuid()), topic("b", Uuid.randomUuid()));
        MetadataResponseData other = answer(9093, topic("b", Uuid.randomUuid()), topic("a", Uuid.randomUuid()));

        assertThat(between(one, other)).isEmpty();
    }

    @Test
    void theIdOfTheClusterInAMessageIsNoDifference() {
        assertThat(Difference.between(ASKED, refused(Uuid.randomUuid()), refused(Uuid.randomUuid())))
                .isEmpty();
    }

    private static JsonNode refused(Uuid clusterId) {
        Transcript transcript = new Transcript();
        transcript.answered(
                ASKED,
                new DescribeClusterRequestData(),
                new AddRaftVoterResponseData()
                        .setErrorMessage("The given id \"x\" doesn't match the cluster id \"" + clusterId + '"'));
        return transcript.entries().get(0).answer();
    }

    @Test
    void oneIdInPlaceOfTwoIsADifference() {
        Uuid id = Uuid.randomUuid();
        MetadataResponseData one = answer(9092, topic("a", Uuid.randomUuid()), topic("b", Uuid.randomUuid()));
        MetadataResponseData other = answer(9092, topic("a", id), topic("b", id));

        assertThat(between(one, other))
                .containsExactly(new Difference(ASKED, "topics[b].topicId", "\"id-2\"", "\"id-1\""));
    }

    @Test
    void anErrorAndAnAbsentElementAreDifferencesWithTheirPlaces() {
        MetadataResponseData one = answer(9092, topic("a", Uuid.ZERO_UUID), topic("b", Uuid.ZERO_UUID));
        MetadataResponseData other =
                answer(9092, topic("a", Uuid.ZERO_UUID).setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code()));

        assertThat(between(one, other))
                .extracting(Difference::path)
                .containsExactly("topics[a].errorCode", "topics[b]");
    }

    @Test
    void aBrokerThatDoesNotAnswerDiffersFromOneThatDoes() {
        Transcript silent = new Transcript();
        silent.unanswered(ASKED, new DescribeClusterRequestData(), "no answer");

        assertThat(Difference.between(
                        ASKED,
                        silent.entries().get(0).answer(),
                        transcript(answer(9092)).answer()))
                .singleElement()
                .satisfies(found -> assertThat(found.kafka()).isEqualTo("\"no answer\""));
    }

    @Test
    void eachAcceptedDifferenceHasAReason() {
        assertThat(AcceptedDifferences.load().uses().keySet())
                .allSatisfy(accepted -> assertThat(accepted.reason()).isNotBlank());
    }

    private static List<Difference> between(MetadataResponseData kafka, MetadataResponseData aeon) {
        return Difference.between(
                ASKED, transcript(kafka).answer(), transcript(aeon).answer());
    }

    private static Transcript.Entry transcript(MetadataResponseData answer) {
        Transcript transcript = new Transcript();
        transcript.answered(ASKED, new DescribeClusterRequestData(), answer);
        return transcript.entries().get(0);
    }

    private static MetadataResponseData answer(int port, MetadataResponseTopic... topics) {
        MetadataResponseData answer = new MetadataResponseData();
        answer.brokers()
                .add(new MetadataResponseBroker()
                        .setNodeId(1)
                        .setHost("127.0.0.1")
                        .setPort(port));
        for (MetadataResponseTopic topic : topics) {
            answer.topics().add(topic);
        }
        return answer;
    }

    private static MetadataResponseTopic topic(String name, Uuid id) {
        return new MetadataResponseTopic().setName(name).setTopicId(id);
    }
}
