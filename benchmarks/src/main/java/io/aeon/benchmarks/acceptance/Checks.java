package io.aeon.benchmarks.acceptance;

import java.util.Locale;

/** What a rig found: a line for each check, and the exit status in the end. Safe for several threads. */
public final class Checks {
    private int failed;

    /** Says so, and counts it when it does not hold. */
    public synchronized void that(boolean holds, String format, Object... values) {
        System.out.println((holds ? "ok    " : "FAIL  ") + String.format(Locale.ROOT, format, values));
        failed += holds ? 0 : 1;
    }

    public synchronized void note(String format, Object... values) {
        System.out.println("      " + String.format(Locale.ROOT, format, values));
    }

    public synchronized int failed() {
        return failed;
    }

    /** Ends this program: 0 when every check held. */
    public void exit() {
        int failures = failed();
        System.out.println(failures == 0 ? "PASSED" : failures + " FAILED");
        System.exit(failures == 0 ? 0 : 1);
    }
}
