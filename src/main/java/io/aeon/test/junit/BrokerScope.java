package io.aeon.test.junit;

/** Which tests use the same broker, and thus when it is closed. */
public enum BrokerScope {
    /**
     * All classes of the run with the same settings, until one of them calls the broker's control: classes that begin
     * later have another one. So have those that want another number of partitions for a topic that exists. The broker
     * closes at the end of the run.
     */
    RUN,
    /** All methods of a class and of the classes nested in it; the broker closes after the last of them. */
    CLASS,
    /** One method, or one invocation of a repeated or parameterized method. */
    METHOD
}
