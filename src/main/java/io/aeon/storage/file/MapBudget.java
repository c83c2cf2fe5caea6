package io.aeon.storage.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The limit for the number of segments that all logs together keep open for reading or writing, each with a descriptor
 * and perhaps a memory map. The least recently used segments are closed first. A file or map that is lent out stays
 * open until it is returned; it is known here also after its log was closed and opened again. Thread-safe.
 */
public final class MapBudget {
    private final int limit;
    private final Set<Tenant> tenants = ConcurrentHashMap.newKeySet();
    private final Set<SegmentFile> lent = ConcurrentHashMap.newKeySet();
    private final AtomicInteger descriptors = new AtomicInteger();

    /** @param limit maximum number of segments; 0 = no segment is mapped, and no descriptor is closed early */
    public MapBudget(int limit) {
        this.limit = limit;
    }

    public int limit() {
        return limit;
    }

    /** Number of segments that are open now. */
    public int used() {
        return tenants.size();
    }

    /** Number of descriptors that segments have now, with those that readers still hold. */
    public int descriptors() {
        return descriptors.get();
    }

    void opened() {
        descriptors.incrementAndGet();
    }

    void closed() {
        descriptors.decrementAndGet();
    }

    /**
     * Whether so many descriptors are lent out besides the open segments that the process may run out of descriptors.
     */
    boolean isTight() {
        return limit > 0 && descriptors.get() > limit + limit / 4;
    }

    /** Returns whether the segment was closed before. The caller must hold no lock that {@link Tenant#evict} takes. */
    boolean admit(Tenant tenant) {
        boolean isNew = tenants.add(tenant);
        if (isNew && limit > 0 && tenants.size() > limit) {
            evictOldest();
        }
        return isNew;
    }

    void leave(Tenant tenant) {
        tenants.remove(tenant);
    }

    /** The file is used by no log any more; readers may still hold it. */
    void retired(SegmentFile file) {
        leave(file);
        if (file.isHeld()) {
            lent.removeIf(each -> !each.isHeld());
            lent.add(file);
        }
    }

    /** Whether readers hold a retired file of this name. */
    boolean isLent(Path path) {
        return lent.stream().anyMatch(file -> file.path().equals(path) && file.isHeld());
    }

    /**
     * Closes an eighth at once, so that a reader of many segments does not cause a sort for each segment. A segment
     * whose closing needs an fsync is closed only if the others do not suffice.
     */
    private void evictOldest() {
        record Aged(Tenant tenant, long lastUsed) {}
        List<Tenant> oldestFirst = new ArrayList<>(tenants)
                .stream()
                        .map(tenant -> new Aged(tenant, tenant.lastUsed()))
                        .sorted(Comparator.comparingLong(Aged::lastUsed))
                        .map(Aged::tenant)
                        .toList();
        evict(oldestFirst, limit - limit / 8, false);
        evict(oldestFirst, limit, true);
    }

    private void evict(List<Tenant> oldestFirst, int downTo, boolean evenIfItWaits) {
        for (Tenant tenant : oldestFirst) {
            if (tenants.size() <= downTo) {
                return;
            }
            if (tenants.contains(tenant) && tenant.evict(evenIfItWaits)) {
                tenants.remove(tenant);
            }
        }
    }

    /** A file that can be closed, and opened again later. */
    interface Tenant {
        /** Monotonic nanoseconds. */
        long lastUsed();

        /**
         * Closes the file; returns false if it is in use, or if closing needs an fsync and {@code evenIfItWaits} is
         * false.
         */
        boolean evict(boolean evenIfItWaits);
    }
}
