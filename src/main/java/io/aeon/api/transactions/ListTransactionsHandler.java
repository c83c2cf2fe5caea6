package io.aeon.api.transactions;

import com.google.re2j.PatternSyntaxException;
import io.aeon.api.AnswerSizes;
import io.aeon.api.ApiErrors;
import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.broker.transaction.TransactionCoordinators;
import io.aeon.coordinator.transaction.TransactionListing;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.ListTransactionsResponseData.TransactionState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** ListTransactions, filtered by state, producer id (KIP-664), duration (KIP-994) and transactional id (KIP-1152). */
public final class ListTransactionsHandler implements ApiHandler<ListTransactionsRequestData> {
    private static final Set<String> STATES = Arrays.stream(io.aeon.coordinator.transaction.TransactionState.values())
            .map(Object::toString)
            .collect(Collectors.toUnmodifiableSet());

    private final TransactionCoordinators coordinators;
    private final Clock clock;

    public ListTransactionsHandler(TransactionCoordinators coordinators, Clock clock) {
        this.coordinators = coordinators;
        this.clock = clock;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.LIST_TRANSACTIONS;
    }

    @Override
    public long answerBytes(ListTransactionsRequestData request, short version) {
        return AnswerSizes.ofCoordinators(coordinators.heapUsed(), 0);
    }

    @Override
    public CompletionStage<Reply> handle(ListTransactionsRequestData request, RequestContext context) {
        return coordinators
                .list()
                .handle((listings, failure) -> Reply.of(
                        failure == null
                                ? response(listings, request)
                                : new ListTransactionsResponseData()
                                        .setErrorCode(ApiErrors.of(failure).code())));
    }

    private ListTransactionsResponseData response(
            List<TransactionListing> listings, ListTransactionsRequestData request) {
        try {
            IdPattern pattern = IdPattern.of(request.transactionalIdPattern());
            Set<String> known =
                    request.stateFilters().stream().filter(STATES::contains).collect(Collectors.toSet());
            List<String> unknown = request.stateFilters().stream()
                    .filter(state -> !STATES.contains(state))
                    .toList();
            Set<Long> producers = new HashSet<>(request.producerIdFilters());
            boolean nothingFits = known.isEmpty() && !unknown.isEmpty();
            return new ListTransactionsResponseData()
                    .setUnknownStateFilters(unknown)
                    .setTransactionStates(listings.stream()
                            .filter(listing ->
                                    !nothingFits && fits(listing, known, producers, request.durationFilter()))
                            .filter(listing -> pattern.matches(listing.transactionalId()))
                            .map(ListTransactionsHandler::state)
                            .toList());
        } catch (PatternSyntaxException e) {
            return new ListTransactionsResponseData().setErrorCode(Errors.INVALID_REGULAR_EXPRESSION.code());
        }
    }

    private boolean fits(TransactionListing listing, Set<String> states, Set<Long> producers, long durationMs) {
        boolean state = states.isEmpty() || states.contains(listing.state().toString());
        boolean producer = producers.isEmpty() || producers.contains(listing.producerId());
        boolean duration = durationMs < 0 || clock.millis() - listing.startMs() > durationMs;
        return state && producer && duration;
    }

    private static TransactionState state(TransactionListing listing) {
        return new TransactionState()
                .setTransactionalId(listing.transactionalId())
                .setProducerId(listing.producerId())
                .setTransactionState(listing.state().toString());
    }
}
