package io.aeon.benchmarks.growth;

import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Cost;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/** One broker's turn on one axis. */
final class Turn {
    private final BrokerProcess broker;
    private final Samples samples;
    private final Set<Operation> warm = EnumSet.noneOf(Operation.class);

    /** Where the figures of this turn go. */
    interface Samples {
        void add(Operation operation, int point, double records, Cost cost) throws IOException;
    }

    /** Something that can be done again and again. */
    interface Work {
        void times(int count) throws Exception;
    }

    Turn(BrokerProcess broker, Samples samples) {
        this.broker = broker;
        this.samples = samples;
    }

    BrokerProcess broker() {
        return broker;
    }

    /** A quarter of the work goes before the one that counts; before the broker's first of its kind, all of it. */
    void measure(Operation operation, int point, int count, double records, Work work) throws Exception {
        work.times(warm.add(operation) ? count : count / 4);
        var measured = Cost.of(broker, () -> {
            work.times(count);
            return count;
        });
        samples.add(operation, point, records, measured.cost());
    }
}
