package io.aeon.metadata.channel;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.requests.AlterClientQuotasRequest;
import org.apache.kafka.common.requests.ApiError;

/** Changes of client quotas as a broker sends them to the controller, and the results as it receives them. */
public final class QuotaMessages {
    private QuotaMessages() {}

    public static AlterClientQuotasRequestData changes(
            Collection<ClientQuotaAlteration> changes, boolean validateOnly) {
        return new AlterClientQuotasRequest.Builder(changes, validateOnly)
                .build()
                .data();
    }

    public static Map<ClientQuotaEntity, ApiError> results(AlterClientQuotasResponseData response) {
        Map<ClientQuotaEntity, ApiError> results = new HashMap<>();
        response.entries().forEach(entry -> {
            Map<String, String> names = new HashMap<>();
            entry.entity().forEach(part -> names.put(part.entityType(), part.entityName()));
            results.put(
                    new ClientQuotaEntity(names),
                    new ApiError(Errors.forCode(entry.errorCode()), entry.errorMessage()));
        });
        return results;
    }
}
