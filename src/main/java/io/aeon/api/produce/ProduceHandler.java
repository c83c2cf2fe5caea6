package io.aeon.api.produce;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.quotas.ClientQuotas;
import io.aeon.broker.BrokerServices;
import io.aeon.broker.Timer;
import io.aeon.metadata.Metadata;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.BaseRecords;

/** Produce. The batches of one connection are sent to their partitions in the order of the calls. */
public final class ProduceHandler implements ApiHandler<ProduceRequestData> {
    private final Metadata metadata;
    private final BrokerServices services;
    private final Clock clock;
    private final ClientQuotas quotas;
    /** Heap bytes of batches that the network does not count: those that have grown, and those that are late. */
    private final long mostUncounted = Runtime.getRuntime().maxMemory() / 16;

    private final GrownBatches grown = new GrownBatches(mostUncounted);
    /** Bytes of the batches that are not appended yet although their requests are answered. */
    private final AtomicLong late = new AtomicLong();

    /**
     * @param clock the time with which record timestamps are compared
     * @param quotas for the bytes of requests
     */
    public ProduceHandler(Metadata metadata, BrokerServices services, Clock clock, ClientQuotas quotas) {
        this.metadata = metadata;
        this.services = services;
        this.clock = clock;
        this.quotas = quotas;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.PRODUCE;
    }

    @Override
    public boolean isLimited() {
        return quotas.exist();
    }

    @Override
    public int throttle(Reply reply, RequestContext context, long requestBytes, long answerBytes) {
        int throttleMs = quotas.count(context, requestBytes);
        if (reply instanceof Reply.Message message && message.body() instanceof ProduceResponseData response) {
            response.setThrottleTimeMs(throttleMs);
        }
        return throttleMs;
    }

    @Override
    public CompletionStage<Reply> handle(ProduceRequestData request, RequestContext context) {
        ProduceReply reply = new ProduceReply();
        BatchChecks checks = new BatchChecks(
                services.decompression(), context.connection(), request.acks() != 0, grown, clock.millis());
        new ProduceCall(request, context, metadata, services, checks, reply).start();
        return request.acks() == 0 ? silent(reply) : answered(reply, request);
    }

    /** The client's timeout bounds only the wait for all replicas, as in Kafka. */
    private CompletionStage<Reply> answered(ProduceReply reply, ProduceRequestData request) {
        CompletableFuture<ProduceResponseData> complete = reply.complete();
        if (complete.isDone() || request.acks() != ProduceCall.ACKS_ALL) {
            return complete.thenApply(Reply::of);
        }
        Duration timeout = Duration.ofMillis(Math.max(request.timeoutMs(), 0));
        Timer.Cancellation deadline = services.timer().after(timeout, () -> timedOut(reply, request));
        return complete.thenApply(response -> {
            deadline.cancel();
            return Reply.of(response);
        });
    }

    /**
     * The network no longer counts the batches of a request that is answered. If too many such batches still wait for
     * their partitions, the request goes on waiting with them.
     */
    private void timedOut(ProduceReply reply, ProduceRequestData request) {
        long bytes = request.topicData().stream()
                .flatMap(topic -> topic.partitionData().stream())
                .map(PartitionProduceData::records)
                .filter(Objects::nonNull)
                .mapToLong(BaseRecords::sizeInBytes)
                .sum();
        if (late.addAndGet(bytes) <= mostUncounted) {
            reply.timedOut();
            var unused = reply.settled().thenRun(() -> late.addAndGet(-bytes));
        } else {
            late.addAndGet(-bytes);
        }
    }

    /** A client with acks=0 gets no response; an error closes its connection. */
    private static CompletionStage<Reply> silent(ProduceReply reply) {
        return reply.complete().thenApply(response -> {
            response.responses()
                    .forEach(topic -> topic.partitionResponses().forEach(partition -> {
                        Errors error = Errors.forCode(partition.errorCode());
                        if (error != Errors.NONE) {
                            throw error.exception(error.name() + " for a produce request with acks=0 to " + topic.name()
                                    + "-" + partition.index());
                        }
                    }));
            return Reply.NONE;
        });
    }
}
