package io.aeon.cli;

import org.apache.commons.cli.Options;

/** One subcommand of {@code aeon}. */
interface Subcommand {
    /** The words of the subcommand, separated by a space. */
    String words();

    /** A description in one line. */
    String summary();

    /** Further text of its help. */
    default String more() {
        return "";
    }

    /**
     * The name in the help of its one argument after the options, in brackets if it may be left out; empty for none.
     */
    default String operand() {
        return "";
    }

    default Options options() {
        return new Options();
    }

    /**
     * Runs the subcommand.
     *
     * @return the exit code
     * @throws Exception the subcommand failed
     */
    int run(Given given) throws Exception;
}
