package io.aeon.cli;

/**
 * What a check of {@code aeon doctor} found.
 *
 * @param about what it looked at
 * @param text what it found and, unless all is well, what to do about it
 */
record CheckResult(Grade grade, String about, String text) {
    /** How bad it is. */
    enum Grade {
        /** Nothing is to be done. */
        OK,
        /** The broker works and may be hurt later. */
        WARNING,
        /** Something does not work. */
        FAILURE
    }

    static CheckResult ok(String about, String text) {
        return new CheckResult(Grade.OK, about, text);
    }

    static CheckResult warning(String about, String text) {
        return new CheckResult(Grade.WARNING, about, text);
    }

    static CheckResult failure(String about, String text) {
        return new CheckResult(Grade.FAILURE, about, text);
    }
}
