package io.aeon.metadata.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialDeletion;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialUpsertion;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData.AlterUserScramCredentialsResult;
import org.apache.kafka.common.metadata.UserScramCredentialRecord;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.apache.kafka.image.ScramImage;
import org.junit.jupiter.api.Test;

/** What clients can make the controller remember as SCRAM credentials is bounded; the rest is the controller's. */
class ScramChangesTest {
    private final AlterUserScramCredentialsRequestData request = new AlterUserScramCredentialsRequestData();

    @Test
    void aCredentialBeyondTheMostIsRefusedAndOneThatReplacesAnotherIsNot() {
        ScramImage full = image(ScramChanges.MOST);
        upsert("user-0", 1);
        upsert("another", 1);

        assertThat(results(full))
                .containsExactlyInAnyOrderEntriesOf(Map.of("user-0", Errors.NONE, "another", Errors.POLICY_VIOLATION));
    }

    @Test
    void theLastFreePlaceIsGivenOnce() {
        upsert("one", 1);
        upsert("two", 1);

        assertThat(results(image(ScramChanges.MOST - 1)))
                .containsExactlyInAnyOrderEntriesOf(Map.of("one", Errors.NONE, "two", Errors.POLICY_VIOLATION));
    }

    @Test
    void nothingOfARefusedUserReachesTheController() {
        String longName = "x".repeat(1001);
        upsert(longName, 1);
        upsert("salted", 257);
        request.deletions()
                .add(new ScramCredentialDeletion().setName("salted").setMechanism(ScramMechanism.SCRAM_SHA_256.type()));
        upsert("x".repeat(1000), 256);

        assertThat(results(ScramImage.EMPTY))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        longName,
                        Errors.UNACCEPTABLE_CREDENTIAL,
                        "salted",
                        Errors.UNACCEPTABLE_CREDENTIAL,
                        "x".repeat(1000),
                        Errors.NONE));
    }

    private void upsert(String name, int saltBytes) {
        request.upsertions()
                .add(new ScramCredentialUpsertion()
                        .setName(name)
                        .setMechanism(ScramMechanism.SCRAM_SHA_256.type())
                        .setSalt(new byte[saltBytes]));
    }

    /** The results by user, if the controller answers NONE for all that it is told. */
    private Map<String, Errors> results(ScramImage present) {
        Map<String, Errors> results = new HashMap<>();
        new ScramChanges(request, present)
                .apply(told -> {
                    AlterUserScramCredentialsResponseData response = new AlterUserScramCredentialsResponseData();
                    told.upsertions()
                            .forEach(each ->
                                    response.results().add(new AlterUserScramCredentialsResult().setUser(each.name())));
                    told.deletions()
                            .forEach(each ->
                                    response.results().add(new AlterUserScramCredentialsResult().setUser(each.name())));
                    return CompletableFuture.completedFuture(response);
                })
                .join()
                .results()
                .forEach(result -> assertThat(results.put(result.user(), Errors.forCode(result.errorCode())))
                        .isNull());
        return results;
    }

    private static ScramImage image(int users) {
        MetadataDelta delta =
                new MetadataDelta.Builder().setImage(MetadataImage.EMPTY).build();
        for (int i = 0; i < users; i++) {
            delta.replay(new UserScramCredentialRecord()
                    .setName("user-" + i)
                    .setMechanism(ScramMechanism.SCRAM_SHA_256.type())
                    .setIterations(8192));
        }
        return delta.apply(new MetadataProvenance(1, 1, 0, true)).scram();
    }
}
