package io.aeon.conformance;

/** A sequence of requests. It is deterministic except for ids, times and addresses, and uses names of its own. */
interface Script {
    /** Unique among all scripts. */
    String name();

    void play(Stage stage) throws ReflectiveOperationException;
}
