package io.aeon.control;

import java.time.Duration;

/**
 * Requests that a test selects, by their API and more, and what happens to them. Immutable: each call of
 * {@link #topic}, {@link #partition}, {@link #clientId} and {@link #times} returns a narrower selection. The calls
 * below them begin a fault, which lasts until it is closed:
 *
 * <pre>{@code
 * try (InjectedFault fault = control.requests("Produce").topic("orders").times(2).fail("NOT_ENOUGH_REPLICAS")) {
 *     producer.send(record).get(); // succeeds with the third attempt
 *     assertEquals(2, fault.hits());
 * }
 * }</pre>
 *
 * <p>Where several faults select a request, only the one that began first acts on it; another one may act on its
 * answer. The requests of a connection keep their order, and so do their answers: what follows a request that waits
 * waits too.
 *
 * <p>A selection by topic or partition is a selection of parts, where a request has parts with an answer each (records
 * of a partition, the commit of an offset). {@code fail} and {@code failReply} then leave the other parts alone, in the
 * APIs whose list of topics stands in the request itself. In the others (OffsetFetch, AddPartitionsToTxn and
 * WriteTxnMarkers of current clients), and for what else may happen, a request is selected as a whole if one of its
 * parts is.
 *
 * <p>A consumer that polls again names its partitions only where they have changed. So that they can be selected, the
 * broker asks for their full list with FETCH_SESSION_ID_NOT_FOUND, which the consumer answers at once and without an
 * error. A Fetch that already waits for records when a fault begins is not selected; it is over after the consumer's
 * {@code fetch.max.wait.ms}.
 */
public interface Requests {
    /**
     * Those that name this topic, by its name or its id.
     *
     * @throws IllegalArgumentException requests of the API name no topics
     */
    Requests topic(String name);

    /**
     * Those that name this partition of the selected topic, or of any topic.
     *
     * @throws IllegalArgumentException requests of the API name no topics
     */
    Requests partition(int index);

    /** Those of clients with this {@code client.id}. */
    Requests clientId(String id);

    /**
     * The first ones, as many as {@code count}; otherwise all until the fault is closed.
     *
     * @throws IllegalArgumentException {@code count} is not positive
     */
    Requests times(int count);

    /**
     * They are answered with an error, and have no effect. A Produce request with acks=0 has no answer; its connection
     * is closed instead.
     *
     * @param error Kafka's name of the error: {@code NOT_LEADER_OR_FOLLOWER}, {@code TOPIC_AUTHORIZATION_FAILED}
     * @throws IllegalArgumentException Kafka has no error of this name
     */
    InjectedFault fail(String error);

    /** They have their effect, and are answered with an error as if they had none. */
    InjectedFault failReply(String error);

    /** They have their effect after {@code time}. Closing the fault ends the delay of those that wait. */
    InjectedFault delay(Duration time);

    /** They have their effect, and their answers leave the broker after {@code time}. */
    InjectedFault delayReply(Duration time);

    /**
     * They have no effect and get no answer. The connection stays open and is silent from then on: a client closes it
     * after its {@code request.timeout.ms}.
     */
    InjectedFault drop();

    /** They have their effect and get no answer, and neither do those that follow on the same connection. */
    InjectedFault dropReply();

    /** They have their effect when the fault is closed, even if the client is gone then. */
    InjectedFault hold();

    /** They have their effect, and their answers leave the broker when the fault is closed. */
    InjectedFault holdReply();

    /**
     * They have their effect twice, one directly after the other, as if the network had delivered them twice. The
     * client gets the first answer, after both are done.
     */
    InjectedFault duplicate();
}
