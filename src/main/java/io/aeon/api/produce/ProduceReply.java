package io.aeon.api.produce;

import io.aeon.api.ApiErrors;
import io.aeon.api.CurrentLeader;
import io.aeon.protocol.RejectedRecordsException;
import io.aeon.storage.log.AppendResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.NodeEndpoint;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;

/**
 * A produce response in progress. It is complete when each partition has its result or the client's timeout is over.
 * Thread-safe.
 */
final class ProduceReply {
    private static final long NONE = -1;

    private final ProduceResponseData response = new ProduceResponseData();
    private final CompletableFuture<ProduceResponseData> complete = new CompletableFuture<>();
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    /** Partitions without a result, plus one until {@link #gathered}. */
    private int open = 1;

    private boolean timedOut;

    CompletableFuture<ProduceResponseData> complete() {
        return complete;
    }

    /** Completes when each partition has its result, even if that came too late for the response. */
    CompletableFuture<Void> settled() {
        return settled;
    }

    TopicProduceResponse topic(String name, Uuid id) {
        TopicProduceResponse topic = new TopicProduceResponse().setName(name).setTopicId(id);
        response.responses().mustAdd(topic);
        return topic;
    }

    /**
     * Adds a partition that will get exactly one result. Until then its error is REQUEST_TIMED_OUT; the client receives
     * that if the result comes too late.
     */
    synchronized PartitionProduceResponse partition(TopicProduceResponse topic, int index) {
        PartitionProduceResponse partition = new PartitionProduceResponse()
                .setIndex(index)
                .setErrorCode(Errors.REQUEST_TIMED_OUT.code())
                .setBaseOffset(NONE)
                .setLogAppendTimeMs(NONE)
                .setLogStartOffset(NONE);
        topic.partitionResponses().add(partition);
        open++;
        return partition;
    }

    /** Every partition has been added. */
    void gathered() {
        settle(() -> {});
    }

    void appended(PartitionProduceResponse partition, AppendResult result, long logAppendTime) {
        settle(() -> partition
                .setErrorCode(Errors.NONE.code())
                .setBaseOffset(result.baseOffset())
                .setLogAppendTimeMs(logAppendTime)
                .setLogStartOffset(result.logStartOffset()));
    }

    void failed(PartitionProduceResponse partition, Throwable failure) {
        settle(() -> tell(partition, failure));
    }

    /** The partition has failed because another broker leads it. */
    void failed(PartitionProduceResponse partition, Throwable failure, CurrentLeader leader) {
        settle(() -> {
            tell(partition, failure);
            partition.currentLeader().setLeaderId(leader.id()).setLeaderEpoch(leader.epoch());
            Node node = leader.node();
            if (node != null && response.nodeEndpoints().find(node.id()) == null) {
                response.nodeEndpoints()
                        .add(new NodeEndpoint()
                                .setNodeId(node.id())
                                .setHost(node.host())
                                .setPort(node.port())
                                .setRack(node.rack()));
            }
        });
    }

    private void settle(Runnable result) {
        boolean last;
        synchronized (this) {
            if (!timedOut) {
                result.run();
            }
            open--;
            last = open == 0;
        }
        if (last) {
            complete.complete(response);
            settled.complete(null);
        }
    }

    private static void tell(PartitionProduceResponse partition, Throwable failure) {
        if (failure instanceof RejectedRecordsException rejected) {
            partition.setErrorCode(rejected.error().code()).setErrorMessage(rejected.getMessage());
            rejected.records()
                    .forEach(record -> partition
                            .recordErrors()
                            .add(new BatchIndexAndErrorMessage()
                                    .setBatchIndex(record.index())
                                    .setBatchIndexErrorMessage(record.message())));
        } else {
            partition.setErrorCode(ApiErrors.of(failure).code());
            if (failure instanceof CompletionException wrapped && wrapped.getCause() instanceof ApiException refusal) {
                partition.setErrorMessage(refusal.getMessage());
            }
        }
    }

    /** The client's timeout is over: the response is complete as it is. Batches in the log stay there. */
    void timedOut() {
        synchronized (this) {
            timedOut = true;
        }
        complete.complete(response);
    }
}
