package io.aeon.console;

/**
 * Something that is wrong and that somebody has to do something about.
 *
 * @param what what is wrong, with the names of what is affected
 * @param remedy what to do about it
 */
record Problem(String what, String remedy) {
    @Override
    public String toString() {
        return what + ": " + remedy;
    }
}
