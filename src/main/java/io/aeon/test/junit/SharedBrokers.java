package io.aeon.test.junit;

import io.aeon.test.AeonBroker;
import java.util.LinkedHashMap;
import java.util.Map;

/** The brokers that all classes of a run with equal settings share: one, unless classes would harm each other. */
final class SharedBrokers implements AutoCloseable {
    /** Number of users of each broker. */
    private final Map<AeonBroker, Integer> brokers = new LinkedHashMap<>();

    /** What a class uses until its end. */
    record Use(AeonBroker broker, SharedBrokers of) implements AutoCloseable {
        @Override
        public void close() {
            of.end(broker);
        }
    }

    /**
     * Chooses the first broker that fits the plan, or starts one, and creates the topics of the plan.
     *
     * @return the use of the broker, to be closed when the tests of the plan have ended
     */
    synchronized Use begin(BrokerPlan plan) {
        AeonBroker chosen =
                brokers.keySet().stream().filter(plan::fits).findFirst().orElseGet(plan::start);
        brokers.merge(chosen, 1, Integer::sum);
        plan.topics().forEach(chosen::createTopic);
        return new Use(chosen, this);
    }

    /** A broker that was controlled is of no use for others. */
    private synchronized void end(AeonBroker broker) {
        int others = brokers.merge(broker, -1, Integer::sum);
        if (others == 0 && broker.isControlled()) {
            brokers.remove(broker);
            broker.close();
        }
    }

    @Override
    public synchronized void close() {
        brokers.keySet().forEach(AeonBroker::close);
    }
}
