package io.aeon.metadata.engine;

/** Ends the start of an engine whose broker is not in service. */
public final class Settled {
    private Settled() {}

    public static void settle(EngineMetadata metadata) {
        metadata.engine().settle();
    }
}
