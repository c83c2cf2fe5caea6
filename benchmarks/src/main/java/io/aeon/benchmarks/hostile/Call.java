package io.aeon.benchmarks.hostile;

/** One kind of call that the good client makes at a fixed rate, on a thread of its own. */
interface Call {
    String name();

    /** How often it is due. */
    int everyMillis();

    /** Whether each call is that of another client, which does not wait for those before. */
    default boolean isOfAnotherClient() {
        return false;
    }

    /** Makes the call and waits for its end; an exception is an error that the good client had. */
    void make() throws Exception;

    /** Ends its clients. */
    void end() throws Exception;
}
