package io.aeon.embedded;

import io.aeon.control.BrokerDisk;
import io.aeon.control.InjectedFault;
import io.aeon.embedded.DiskFault.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** The faults of a broker's disk. Thread-safe. */
final class DiskFaults implements AutoCloseable {
    private final List<DiskFault> faults = new CopyOnWriteArrayList<>();
    private final Waits waits = new Waits();

    /** @param directory name of the only directory that is concerned; empty for all */
    BrokerDisk of(String directory) {
        return new BrokerDisk() {
            @Override
            public InjectedFault full() {
                return begin(Kind.FULL, directory, Duration.ZERO);
            }

            @Override
            public InjectedFault slow(Duration time) {
                return begin(Kind.SLOW, directory, time);
            }

            @Override
            public InjectedFault fail() {
                return begin(Kind.FAILING, directory, Duration.ZERO);
            }
        };
    }

    private InjectedFault begin(Kind kind, String directory, Duration time) {
        DiskFault fault = new DiskFault(kind, directory, time, waits, faults::remove);
        faults.add(fault);
        return fault;
    }

    /**
     * Before a write to {@code file}, or its creation.
     *
     * @param ended whether the run of the broker that writes has ended, see {@link #runEnded}
     */
    void write(Path file, BooleanSupplier ended) throws IOException {
        for (DiskFault fault : faults) {
            fault.write(file, ended);
        }
    }

    /**
     * Before an fsync of {@code file}.
     *
     * @param ended as for a write
     */
    void force(Path file, BooleanSupplier ended) throws IOException {
        for (DiskFault fault : faults) {
            fault.force(file, ended);
        }
    }

    /** Ends the waits of a run of the broker. The faults go on. */
    void runEnded() {
        waits.look();
    }

    boolean isFull() {
        return faults.stream().anyMatch(DiskFault::fillsTheDisk);
    }

    /** Ends all faults. */
    @Override
    public void close() {
        faults.forEach(DiskFault::close);
    }
}
