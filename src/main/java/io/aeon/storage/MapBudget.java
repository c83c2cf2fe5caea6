package io.aeon.storage;

/** Bounds how many segments are memory-mapped at once; shared by all logs. Thread-safe. */
public final class MapBudget {
    private final int limit;

    /** @param limit maps at most */
    public MapBudget(int limit) {
        this.limit = limit;
    }

    public int limit() {
        return limit;
    }
}
