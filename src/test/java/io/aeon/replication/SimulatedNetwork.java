package io.aeon.replication;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Messages on their way. Each may overtake any other, come as late as it likes, or be lost, except that the controller
 * gets what one broker sends over one connection in its order. A crash breaks the connections of a broker: what it has
 * sent may still arrive, what is sent to it does not.
 */
final class SimulatedNetwork {
    /** The end of a connection that is no broker. */
    static final int OUTSIDE = -1;

    /**
     * @param toLife life of the receiver when the message was sent
     * @param subject for the transcript
     * @param loss tells the sender that its request has failed
     */
    private record Message(int from, int to, int toLife, Object subject, Runnable delivery, Runnable loss) {
        /** Whether the message is in the queue of its sender. */
        boolean isToController() {
            return from != OUTSIDE && to == OUTSIDE && subject instanceof IsrChange;
        }

        @Override
        public String toString() {
            return from + " to " + to + ": " + subject;
        }
    }

    private final SimulatedCluster cluster;
    private final List<Message> messages = new ArrayList<>();
    private final List<ArrayDeque<Message>> toController = new ArrayList<>();

    SimulatedNetwork(SimulatedCluster cluster, int brokers) {
        this.cluster = cluster;
        for (int i = 0; i < brokers; i++) {
            toController.add(new ArrayDeque<>());
        }
    }

    /** Without a receiver, the loss is told to the sender at some time too. */
    void send(int from, int to, Object subject, Runnable delivery, Runnable loss) {
        reply(from, to, to == OUTSIDE ? 0 : cluster.broker(to).life(), subject, delivery, loss);
    }

    /** @param life of the broker that asked */
    void reply(int from, int to, int life, Object subject, Runnable delivery, Runnable loss) {
        messages.add(new Message(from, to, life, subject, delivery, loss));
    }

    void sendToController(int from, Object subject, Runnable delivery, Runnable loss) {
        toController.get(from).add(new Message(from, OUTSIDE, 0, subject, delivery, loss));
    }

    /** A new connection replaces the previous one of this broker to the controller. */
    void disconnectFromController(int broker) {
        toController.get(broker).clear();
    }

    boolean isEmpty() {
        return messages.isEmpty() && toController.stream().allMatch(ArrayDeque::isEmpty);
    }

    void deliverAny(Random random) {
        Message message = takeAny(random);
        if (message != null) {
            deliver(message);
        }
    }

    /** The sender no longer waits for a message, which is lost or comes too late. */
    void loseAny(Random random) {
        Message message = takeAny(random);
        if (message == null) {
            return;
        }
        boolean isLate = random.nextBoolean();
        cluster.note(isLate ? "late" : "lost", message);
        if (isLate) {
            Message late = new Message(
                    message.from(), message.to(), message.toLife(), message.subject(), message.delivery(), () -> {});
            if (message.isToController()) {
                toController.get(message.from()).addFirst(late);
            } else {
                messages.add(late);
            }
        }
        message.loss().run();
    }

    private Message takeAny(Random random) {
        int pick = random.nextInt(messages.size() + toController.size());
        if (pick >= messages.size()) {
            return toController.get(pick - messages.size()).poll();
        }
        int last = messages.size() - 1;
        Message message = messages.get(pick);
        messages.set(pick, messages.get(last));
        messages.remove(last);
        return message;
    }

    /** Delivers what is on its way now, the oldest first. */
    void deliverAll() {
        List<Message> now = new ArrayList<>(messages);
        messages.clear();
        toController.forEach(each -> {
            now.addAll(each);
            each.clear();
        });
        now.forEach(this::deliver);
    }

    private void deliver(Message message) {
        boolean reached = message.to() == OUTSIDE
                || (cluster.broker(message.to()).isUp()
                        && cluster.broker(message.to()).life() == message.toLife());
        cluster.note(reached ? "got" : "broken", message);
        (reached ? message.delivery() : message.loss()).run();
    }
}
