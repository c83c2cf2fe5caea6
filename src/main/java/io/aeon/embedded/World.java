package io.aeon.embedded;

import io.aeon.api.faults.RequestFaults;
import io.aeon.control.BrokerControl;
import io.aeon.control.Requests;
import io.aeon.storage.file.LogFiles;

/** The world of a broker in a test, which the test controls. Thread-safe. */
final class World implements BrokerControl, AutoCloseable {
    private final RequestFaults faults = new RequestFaults();
    private final LogFiles files;

    World(LogFiles files) {
        this.files = files;
    }

    Surroundings surroundings() {
        return new Surroundings(files, faults);
    }

    @Override
    public Requests requests(String api) {
        return faults.requests(api);
    }

    /** Ends all faults, so that nothing holds up the stop of the broker. */
    @Override
    public void close() {
        faults.close();
    }
}
