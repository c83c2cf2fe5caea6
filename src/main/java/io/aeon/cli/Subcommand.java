package io.aeon.cli;

import org.apache.commons.cli.Options;

/** What {@code aeon} can be told to do. */
interface Subcommand {
    /** The words that call it, separated by a space. */
    String words();

    /** What it does, in one line. */
    String summary();

    /** What else its help says. */
    default String more() {
        return "";
    }

    /** What the help calls the one argument it takes beside its options; empty if it takes none. */
    default String operand() {
        return "";
    }

    default Options options() {
        return new Options();
    }

    /**
     * @return the exit code
     * @throws Exception it failed
     */
    int run(Given given) throws Exception;
}
