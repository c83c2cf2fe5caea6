package io.aeon.peers;

import io.aeon.broker.transaction.OtherBrokers.Question;
import io.aeon.broker.transaction.OtherBrokers.SentMarker;
import io.aeon.broker.transaction.TransactionConnection;
import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.transaction.Marker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransactionCollection;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AddPartitionsToTxnRequest;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;

/**
 * A broker that leads partitions and coordinates transactions, reached over the network by Kafka's protocol between
 * brokers. Markers, which wait for replicas, do not hold up the questions of producers: each kind has a connection.
 */
final class PeerTransactions implements TransactionConnection {
    private final Peer forMarkers;
    private final Peer forQuestions;

    PeerTransactions(Peer forMarkers, Peer forQuestions) {
        this.forMarkers = forMarkers;
        this.forQuestions = forQuestions;
    }

    @Override
    public CompletableFuture<List<Errors>> write(List<SentMarker> markers) {
        return forMarkers
                .send(new WriteTxnMarkersRequest.Builder(request(markers)))
                .thenApply(response -> {
                    Map<Long, Map<TopicPartition, Errors>> errors =
                            ((WriteTxnMarkersResponse) response).errorsByProducerId();
                    return markers.stream()
                            .map(SentMarker::marker)
                            .map(marker -> errors.getOrDefault(marker.producerId(), Map.of())
                                    .getOrDefault(marker.partition(), Errors.UNKNOWN_SERVER_ERROR))
                            .toList();
                });
    }

    private static WriteTxnMarkersRequestData request(List<SentMarker> markers) {
        Map<Long, WritableTxnMarker> byProducer = new LinkedHashMap<>();
        Map<Long, Map<String, WritableTxnMarkerTopic>> topics = new LinkedHashMap<>();
        for (SentMarker sent : markers) {
            Marker marker = sent.marker();
            WritableTxnMarker transaction = byProducer.computeIfAbsent(
                    marker.producerId(), id -> transaction(marker).setCoordinatorEpoch(sent.coordinatorEpoch()));
            topics.computeIfAbsent(marker.producerId(), id -> new LinkedHashMap<>())
                    .computeIfAbsent(marker.partition().topic(), name -> {
                        WritableTxnMarkerTopic topic = new WritableTxnMarkerTopic().setName(name);
                        transaction.topics().add(topic);
                        return topic;
                    })
                    .partitionIndexes()
                    .add(marker.partition().partition());
        }
        return new WriteTxnMarkersRequestData().setMarkers(new ArrayList<>(byProducer.values()));
    }

    private static WritableTxnMarker transaction(Marker marker) {
        return new WritableTxnMarker()
                .setProducerId(marker.producerId())
                .setProducerEpoch(marker.producerEpoch())
                .setTransactionResult(marker.commit())
                .setTransactionVersion((byte) marker.transactionVersion());
    }

    @Override
    public CompletableFuture<List<Errors>> ask(List<Question> questions) {
        AddPartitionsToTxnTransactionCollection transactions = new AddPartitionsToTxnTransactionCollection();
        for (Question question : questions) {
            AddPartitionsToTxnTransaction known =
                    transactions.find(question.writer().transactionalId());
            AddPartitionsToTxnTransaction transaction = known != null ? known : transaction(question);
            if (known == null) {
                transactions.add(transaction);
            }
            topic(transaction, question.partition().topic())
                    .partitions()
                    .add(question.partition().partition());
        }
        return forQuestions
                .send(AddPartitionsToTxnRequest.Builder.forBroker(transactions))
                .thenApply(response -> answers(questions, (AddPartitionsToTxnResponse) response));
    }

    private static AddPartitionsToTxnTransaction transaction(Question question) {
        TransactionalWriter writer = question.writer();
        return new AddPartitionsToTxnTransaction()
                .setTransactionalId(writer.transactionalId())
                .setProducerId(writer.producerId())
                .setProducerEpoch(writer.producerEpoch())
                .setVerifyOnly(question.isVerification());
    }

    private static AddPartitionsToTxnTopic topic(AddPartitionsToTxnTransaction transaction, String name) {
        AddPartitionsToTxnTopic known = transaction.topics().find(name);
        if (known != null) {
            return known;
        }
        AddPartitionsToTxnTopic first = new AddPartitionsToTxnTopic().setName(name);
        transaction.topics().add(first);
        return first;
    }

    /** As in Kafka, a producer does not learn that its broker lacks the right to ask. */
    private static List<Errors> answers(List<Question> questions, AddPartitionsToTxnResponse response) {
        Errors whole = Errors.forCode(response.data().errorCode());
        if (whole != Errors.NONE) {
            Errors told = whole == Errors.CLUSTER_AUTHORIZATION_FAILED ? Errors.INVALID_TXN_STATE : whole;
            return questions.stream().map(question -> told).toList();
        }
        Map<String, Map<TopicPartition, Errors>> errors = response.errors();
        return questions.stream()
                .map(question -> errors.getOrDefault(question.writer().transactionalId(), Map.of())
                        .getOrDefault(question.partition(), Errors.UNKNOWN_SERVER_ERROR))
                .toList();
    }

    @Override
    public void close() {
        forMarkers.close();
        forQuestions.close();
    }
}
