package io.aeon.storage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bounds how many segments are held open for reading, each with a descriptor and a memory map, by all logs together.
 * The least recently used ones go first; what is lent out stays until it is given back. Thread-safe.
 */
public final class MapBudget {
    private final int limit;
    private final Set<Tenant> tenants = ConcurrentHashMap.newKeySet();

    /** @param limit segments at most; 0 = nothing is mapped */
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

    /** The caller must hold no lock that {@link Tenant#evict} takes. */
    void admit(Tenant newcomer) {
        if (tenants.add(newcomer) && tenants.size() > limit) {
            evictOldest();
        }
    }

    void leave(Tenant tenant) {
        tenants.remove(tenant);
    }

    /** An eighth at once, so that a reader that walks through many segments does not sort at each of them. */
    private void evictOldest() {
        List<Tenant> oldestFirst = new ArrayList<>(tenants);
        int surplus = oldestFirst.size() - limit + limit / 8;
        record Aged(Tenant tenant, long lastUsed) {}
        oldestFirst.stream()
                .map(tenant -> new Aged(tenant, tenant.lastUsed()))
                .sorted(Comparator.comparingLong(Aged::lastUsed))
                .limit(Math.max(surplus, 0))
                .forEach(aged -> {
                    tenants.remove(aged.tenant());
                    aged.tenant().evict();
                });
    }

    /** Something that can be reopened later. */
    interface Tenant {
        /** Monotone nanoseconds. */
        long lastUsed();

        void evict();
    }
}
