package io.aeon.storage.file;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds how many segments all logs together hold open, each with a descriptor and perhaps a memory map, be it for
 * reading or for writing. The least recently used ones go first; what is lent out stays until it is given back.
 * Thread-safe.
 */
public final class MapBudget {
    private final int limit;
    private final Set<Tenant> tenants = ConcurrentHashMap.newKeySet();
    private final AtomicInteger descriptors = new AtomicInteger();

    /** @param limit segments at most; 0 = nothing is mapped, nor are descriptors given up */
    public MapBudget(int limit) {
        this.limit = limit;
    }

    public int limit() {
        return limit;
    }

    /** Segments held now. */
    public int used() {
        return tenants.size();
    }

    void opened() {
        descriptors.incrementAndGet();
    }

    void closed() {
        descriptors.decrementAndGet();
    }

    /** Whether so many descriptors are lent out, beside those that are held, that the process may run out of them. */
    boolean isTight() {
        return limit > 0 && descriptors.get() > limit + limit / 4;
    }

    /** Whether it was not held before. The caller must hold no lock that {@link Tenant#evict} takes. */
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

    /**
     * An eighth at once, so that a reader that walks through many segments does not sort at each of them. Those that cost
     * an fsync go only as far as there is no other way.
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

    /** Something that can be reopened later. */
    interface Tenant {
        /** Monotone nanoseconds. */
        long lastUsed();

        /** Gives up what it holds; false if it cannot now, or only after waiting for a disk and that is not wanted. */
        boolean evict(boolean evenIfItWaits);
    }
}
