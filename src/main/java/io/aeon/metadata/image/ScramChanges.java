package io.aeon.metadata.image;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialUpsertion;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData.AlterUserScramCredentialsResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.image.ScramImage;

/** One AlterUserScramCredentials request (KIP-554): bounds what clients can make the controller remember. */
public final class ScramChanges {
    /** Credentials of all users, one for each mechanism; each takes at most about 3 KiB of heap. */
    static final int MOST = 10_000;

    private static final int LONGEST_NAME = 1000;
    private static final int LONGEST_SALT = 256;

    private final Map<String, ApiError> refused = new LinkedHashMap<>();
    private final AlterUserScramCredentialsRequestData accepted = new AlterUserScramCredentialsRequestData();

    public ScramChanges(AlterUserScramCredentialsRequestData request, ScramImage present) {
        int count = count(present);
        for (ScramCredentialUpsertion change : request.upsertions()) {
            boolean isNew = !has(present, change);
            Optional<ApiError> error = isNew && count >= MOST ? Optional.of(tooMany()) : refusal(change);
            error.ifPresent(why -> refused.put(change.name(), why));
            count += isNew && error.isEmpty() ? 1 : 0;
        }
        request.upsertions().stream()
                .filter(change -> !refused.containsKey(change.name()))
                .forEach(accepted.upsertions()::add);
        request.deletions().stream()
                .filter(change -> !refused.containsKey(change.name()))
                .forEach(accepted.deletions()::add);
    }

    /** The credentials of all users. */
    static int count(ScramImage image) {
        return image.mechanisms().values().stream().mapToInt(Map::size).sum();
    }

    private static boolean has(ScramImage image, ScramCredentialUpsertion change) {
        return image.mechanisms()
                .getOrDefault(ScramMechanism.fromType(change.mechanism()), Map.of())
                .containsKey(change.name());
    }

    private static ApiError tooMany() {
        return new ApiError(
                Errors.POLICY_VIOLATION,
                "There are " + MOST + " SCRAM credentials, which is the limit; delete those of other users.");
    }

    private static Optional<ApiError> refusal(ScramCredentialUpsertion change) {
        if (change.name().length() > LONGEST_NAME) {
            return Optional.of(unacceptable("The name of a user may have " + LONGEST_NAME + " characters"));
        }
        return change.salt().length > LONGEST_SALT
                ? Optional.of(unacceptable("The salt may have " + LONGEST_SALT + " bytes"))
                : Optional.empty();
    }

    private static ApiError unacceptable(String message) {
        return new ApiError(Errors.UNACCEPTABLE_CREDENTIAL, message);
    }

    /** Sends what is accepted to the controller; fails as a whole if the controller refuses the request itself. */
    public CompletableFuture<AlterUserScramCredentialsResponseData> apply(
            Function<AlterUserScramCredentialsRequestData, CompletableFuture<AlterUserScramCredentialsResponseData>>
                    controller) {
        return controller.apply(accepted).thenApply(response -> {
            refused.forEach((user, error) -> response.results()
                    .add(new AlterUserScramCredentialsResult()
                            .setUser(user)
                            .setErrorCode(error.error().code())
                            .setErrorMessage(error.message())));
            return response;
        });
    }
}
