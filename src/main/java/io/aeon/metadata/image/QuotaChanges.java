package io.aeon.metadata.image;

import io.aeon.metadata.ClusterImage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.requests.AlterClientQuotasRequest;
import org.apache.kafka.common.requests.AlterClientQuotasResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.server.config.QuotaConfig;

/** One AlterClientQuotas request (KIP-546): quotas that this broker does not honour are refused by name. */
public final class QuotaChanges {
    /** Entities with quotas; each takes about 1 KiB of heap. */
    static final int MOST = 10_000;

    private static final int LONGEST_NAME = 1000;
    /** Quotas of Kafka that have no effect here. */
    static final Set<String> NOT_HONOURED = Set.of(QuotaConfig.REQUEST_PERCENTAGE_OVERRIDE_CONFIG);

    /** The controller looks up any other text as the name of a host, which takes seconds. */
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F.]*:[0-9a-fA-F:.]*");

    private final Map<ClientQuotaEntity, ApiError> refused = new LinkedHashMap<>();
    private final List<ClientQuotaAlteration> accepted = new ArrayList<>();
    private final Set<ClientQuotaEntity> present;

    public QuotaChanges(AlterClientQuotasRequestData request, ClusterImage image) {
        this.present = new HashSet<>(image.clientQuotas().keySet());
        List<ClientQuotaAlteration> changes =
                new AlterClientQuotasRequest(request, AlterClientQuotasRequestData.HIGHEST_SUPPORTED_VERSION).entries();
        changes.forEach(change -> refusal(change)
                .ifPresentOrElse(error -> refused.put(change.entity(), error), () -> accepted.add(change)));
    }

    private Optional<ApiError> refusal(ClientQuotaAlteration change) {
        Map<String, String> names = change.entity().entries();
        String ip = names.get(ClientQuotaEntity.IP);
        if (ip != null && !ADDRESS.matcher(ip).matches()) {
            return Optional.of(invalid(ip + " is no IP address; Aeon does not look up names of hosts"));
        }
        if (names.values().stream().anyMatch(name -> name != null && name.length() > LONGEST_NAME)) {
            return Optional.of(invalid("The name of a quota entity may have " + LONGEST_NAME + " characters"));
        }
        Optional<String> unsupported = change.ops().stream()
                .filter(op -> op.value() != null && NOT_HONOURED.contains(op.key()))
                .map(ClientQuotaAlteration.Op::key)
                .findFirst();
        if (unsupported.isPresent()) {
            return Optional.of(invalid("Aeon does not honour the quota " + unsupported.get()));
        }
        if (!present.contains(change.entity()) && present.size() >= MOST) {
            return Optional.of(new ApiError(
                    Errors.POLICY_VIOLATION,
                    "There are " + MOST + " entities with quotas, which is the limit; remove those of others."));
        }
        present.add(change.entity());
        return Optional.empty();
    }

    private static ApiError invalid(String message) {
        return new ApiError(Errors.INVALID_REQUEST, message);
    }

    /** Sends what is accepted to the controller; fails as a whole if the controller refuses the request itself. */
    public CompletableFuture<AlterClientQuotasResponseData> apply(
            Function<Collection<ClientQuotaAlteration>, CompletableFuture<Map<ClientQuotaEntity, ApiError>>>
                    controller) {
        return controller.apply(accepted).thenApply(results -> {
            Map<ClientQuotaEntity, ApiError> all = new LinkedHashMap<>(results);
            all.putAll(refused);
            return AlterClientQuotasResponse.fromQuotaEntities(all, 0).data();
        });
    }
}
