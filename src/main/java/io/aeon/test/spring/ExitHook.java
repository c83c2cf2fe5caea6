package io.aeon.test.spring;

import java.util.function.BooleanSupplier;

/** Closes a broker when the JVM exits, in place of an application context that Spring does not close then. */
final class ExitHook {
    private final Thread thread;

    private ExitHook(Thread thread) {
        this.thread = thread;
    }

    /**
     * Calls {@code close} when the JVM exits.
     *
     * @param isActive whether the context is active then, so that Spring closes it with its beans
     * @throws IllegalStateException the JVM exits already
     */
    static ExitHook add(BooleanSupplier isActive, Runnable close) {
        Thread thread = new Thread(
                () -> {
                    if (!isActive.getAsBoolean()) {
                        close.run();
                    }
                },
                "aeon-exit");
        Runtime.getRuntime().addShutdownHook(thread);
        return new ExitHook(thread);
    }

    /** There is nothing to close any more. */
    void remove() {
        try {
            Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException e) {
            // The JVM exits, and the hook may run already.
        }
    }
}
